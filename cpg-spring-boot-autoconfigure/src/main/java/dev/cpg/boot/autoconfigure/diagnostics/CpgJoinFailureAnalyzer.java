package dev.cpg.boot.autoconfigure.diagnostics;

import java.util.List;
import java.util.Objects;

import dev.cpg.client.CorosyncSetting;
import dev.cpg.client.CsError;
import dev.cpg.spring.CpgJoinException;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.env.Environment;

/**
 * Says what to do when {@code cpg.fail-fast=true} and there is a connection to the daemon
 * but no membership.
 */
final class CpgJoinFailureAnalyzer extends AbstractFailureAnalyzer<CpgJoinException> {

	private final DaemonSettings settings;

	CpgJoinFailureAnalyzer(BeanFactory beanFactory, Environment environment) {
		this.settings = new DaemonSettings(beanFactory, environment);
	}

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, CpgJoinException cause) {
		String why = String.valueOf(Objects.requireNonNullElse(cause.getCause(), cause).getMessage());
		String description = "The group could not be joined.\n\n" + why;
		if (cause.error() == CsError.EXIST) {
			return new FailureAnalysis(description, """
					Another member of the group on this node has the number that %1$s sets for this one: \
					another application context of this process, or another process or container with the same \
					setting. Remove the setting, so that each takes a free number, or set it to something that \
					differs between them, for example:

					    %1$s=${random.int[1,2147483647]}%2$s""".formatted(memberId(),
					this.settings.isEmbedded() ? "" : "\n\ncorosync-cpgtool lists who is there."), cause);
		}
		if (this.settings.isEmbedded()) {
			// The rest is advice on a daemon.
			return null;
		}
		if (cause.error() == CsError.NO_RESOURCES) {
			return new FailureAnalysis(description, """
					Run fewer instances on this node, or give some of them another group (cpg.group). \
					corosync-cpgtool lists who is there.""", cause);
		}
		if (cause.error() == CsError.TRY_AGAIN && cause.setting() == CorosyncSetting.MEMBER_ID) {
			return new FailureAnalysis(description, """
					Another start under the same number ends the same way. Take a number that differs from one \
					start to the next, for example:

					    %s=${random.int[1,2147483647]}

					or restart corosync on this node, which alone forgets the old member. corosync-cpgtool lists \
					who is there.""".formatted(memberId()), cause);
		}
		if (cause.error() == CsError.TIMEOUT || cause.error() == CsError.TRY_AGAIN) {
			return new FailureAnalysis(description,
					"""
							The cluster's nodes may be about to agree on who is there, which takes seconds after a node came \
							or went; then starting again helps. Otherwise see what the daemon has to say:

							    corosync-cfgtool -s
							    journalctl -u corosync

							%s sets how long to wait. To start anyway and join as soon as that is possible, set %s."""
						.formatted(String.join(" or ", this.settings.joinTimeout()),
								String.join(" and ",
										this.settings.failFast().stream().map((name) -> name + "=false").toList())),
					cause);
		}
		return null;
	}

	/** The last one is that of a group, if one has a number of its own. */
	private String memberId() {
		List<String> names = this.settings.memberId();
		return names.get(names.size() - 1);
	}

}
