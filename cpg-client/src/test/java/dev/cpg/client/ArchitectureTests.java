package dev.cpg.client;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

@AnalyzeClasses(packages = "dev.cpg", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTests {

	@ArchTest
	static final ArchRule THE_API_KNOWS_NO_IMPLEMENTATION = noClasses().that()
		.resideInAPackage("dev.cpg.client")
		.should()
		.dependOnClassesThat()
		.resideInAPackage("dev.cpg.client.(*)..");

	@ArchTest
	static final ArchRule THE_CLIENT_IS_PLAIN_JAVA = noClasses().that()
		.resideInAPackage("dev.cpg.client..")
		.should()
		.dependOnClassesThat()
		.resideOutsideOfPackages("dev.cpg.client..", "java..", "org.newsclub.net.unix..", "org.slf4j..",
				"org.jspecify.annotations..");

	/** Under names that stay, and with nothing in a line that could write another. */
	@ArchTest
	static final ArchRule ONE_PACKAGE_WRITES_TO_THE_LOG = noClasses().that()
		.resideOutsideOfPackage("dev.cpg.client.log")
		.should()
		.dependOnClassesThat()
		.resideInAPackage("org.slf4j..");

	@ArchTest
	static final ArchRule ONLY_THE_CONNECTOR_OF_AN_IMPLEMENTATION_IS_PUBLIC = classes().that()
		.resideInAPackage("dev.cpg.client.corosync")
		.and()
		.arePublic()
		.and()
		.areTopLevelClasses()
		.should()
		.haveSimpleName("CorosyncConnector");

}
