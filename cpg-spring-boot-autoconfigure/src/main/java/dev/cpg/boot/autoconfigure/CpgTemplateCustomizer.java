package dev.cpg.boot.autoconfigure;

import dev.cpg.spring.CpgTemplate;

/**
 * Changes the auto-configured {@link CpgTemplate}s, that of each group; beans of this
 * type are called in their order, after the properties were applied.
 */
@FunctionalInterface
public interface CpgTemplateCustomizer {

	/**
	 * Changes a template.
	 * @param builder builds the template
	 */
	void customize(CpgTemplate.Builder builder);

}
