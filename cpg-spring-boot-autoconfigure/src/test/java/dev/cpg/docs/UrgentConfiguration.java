package dev.cpg.docs;

import java.time.Duration;

import dev.cpg.boot.autoconfigure.CpgTemplateCustomizer;
import dev.cpg.spring.CpgMembership;
import dev.cpg.spring.CpgTemplate;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Templates, as docs/sending.md shows them.
 */
@Configuration(proxyBeanMethods = false)
class UrgentConfiguration {

	// snippet:customizer
	@Bean
	CpgTemplateCustomizer patience() {
		return (template) -> template.sendTimeout(Duration.ofSeconds(30));
	}
	// end:customizer

	// snippet:urgent
	@Bean(defaultCandidate = false)
	@Qualifier("urgent")
	CpgTemplate urgentTemplate(CpgMembership membership) {
		return CpgTemplate.builder(membership).sendTimeout(Duration.ofSeconds(1)).waiting(false).build();
	}
	// end:urgent

	// snippet:mutate
	CpgTemplate impatient(CpgTemplate template) {
		return template.mutate().waiting(false).build();
	}
	// end:mutate

}
