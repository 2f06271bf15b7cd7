package dev.cpg.docs;

import java.util.concurrent.CompletableFuture;

import dev.cpg.client.CpgView;
import dev.cpg.spring.CpgGroup;
import dev.cpg.spring.CpgMembership;
import dev.cpg.spring.CpgTemplate;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;

/**
 * Several groups, as docs/sending.md shows them.
 */
// snippet:audit
@Component
class Audit {

	private final CpgTemplate template;

	private final CpgGroup group;

	private final CpgMembership membership;

	Audit(@Qualifier("audit") CpgTemplate template, @Qualifier("audit") CpgGroup group,
			@Qualifier("audit") CpgMembership membership) {
		this.template = template;
		this.group = group;
		this.membership = membership;
	}

	CompletableFuture<CpgView> note(String what) {
		return this.template.convertAndMulticast(what);
	}

	String status() {
		return "%s: %s, %d bytes wait".formatted(this.group.getName(), this.group.getState(),
				this.membership.getDeliveryQueueBytes());
	}

}
// end:audit
