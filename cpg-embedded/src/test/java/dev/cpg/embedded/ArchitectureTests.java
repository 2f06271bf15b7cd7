package dev.cpg.embedded;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

@AnalyzeClasses(packages = "dev.cpg.embedded", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTests {

	@ArchTest
	static final ArchRule THE_ENGINE_KNOWS_THE_API_AND_NOTHING_ELSE = noClasses().should()
		.dependOnClassesThat()
		.resideOutsideOfPackages("dev.cpg.embedded", "dev.cpg.client", "java..", "org.jspecify.annotations..");

	@ArchTest
	static final ArchRule ONLY_WHAT_USERS_NEED_IS_PUBLIC = classes().that()
		.arePublic()
		.and()
		.areTopLevelClasses()
		.should()
		.haveSimpleName("EmbeddedCluster")
		.orShould()
		.haveSimpleName("EmbeddedNode")
		.orShould()
		.haveSimpleName("EmbeddedConnector");

}
