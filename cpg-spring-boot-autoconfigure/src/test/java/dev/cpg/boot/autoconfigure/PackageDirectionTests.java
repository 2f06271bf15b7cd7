package dev.cpg.boot.autoconfigure;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

@AnalyzeClasses(packages = { "dev.cpg.spring", "dev.cpg.boot" }, importOptions = ImportOption.DoNotIncludeTests.class)
class PackageDirectionTests {

	/** Observations come with Spring's context, meters do not. */
	@ArchTest
	static final ArchRule WHAT_USERS_IMPORT_DOES_NOT_KNOW_BOOT = noClasses().that()
		.resideInAPackage("dev.cpg.spring..")
		.should()
		.dependOnClassesThat()
		.resideInAnyPackage("dev.cpg.boot..", "org.springframework.boot..", "io.micrometer.core..");

	@ArchTest
	static final ArchRule EVENTS_KNOW_THE_CLIENTS_API_AND_NOTHING_ELSE_OF_OURS = noClasses().that()
		.resideInAPackage("dev.cpg.spring.event..")
		.should()
		.dependOnClassesThat()
		.resideInAnyPackage("dev.cpg.spring", "dev.cpg.boot..");

	@ArchTest
	static final ArchRule ONE_CLASS_KNOWS_COROSYNC_AND_ONE_LOADS_IT = noClasses().that()
		.doNotHaveSimpleName("CorosyncEngine")
		.and()
		.doNotHaveSimpleName("ClientPreloader")
		.should()
		.dependOnClassesThat()
		.resideInAPackage("dev.cpg.client.corosync..");

	@ArchTest
	static final ArchRule ONE_PACKAGE_KNOWS_THE_EMBEDDED_CLUSTER_WHICH_MAY_BE_MISSING = noClasses().that()
		.resideOutsideOfPackage("dev.cpg.boot.autoconfigure.embedded")
		.should()
		.dependOnClassesThat()
		.resideInAPackage("dev.cpg.embedded..");

	@ArchTest
	static final ArchRule THE_REST_KNOWS_NEITHER_ACTUATOR_NOR_METERS = noClasses().that()
		.resideInAnyPackage("dev.cpg.boot.autoconfigure", "dev.cpg.boot.autoconfigure.settings",
				"dev.cpg.boot.autoconfigure.messages", "dev.cpg.boot.autoconfigure.diagnostics",
				"dev.cpg.boot.autoconfigure.embedded")
		.should()
		.dependOnClassesThat()
		.resideInAnyPackage("org.springframework.boot.actuate..", "org.springframework.boot.health..",
				"org.springframework.boot.micrometer..", "io.micrometer.core..");

	@ArchTest
	static final ArchRule THE_AUTO_CONFIGURATION_USES_SETTINGS_AND_MESSAGES_WHICH_DO_NOT_KNOW_IT = noClasses().that()
		.resideInAnyPackage("dev.cpg.boot.autoconfigure.settings", "dev.cpg.boot.autoconfigure.messages")
		.should()
		.dependOnClassesThat()
		.resideInAnyPackage("dev.cpg.boot.autoconfigure", "dev.cpg.boot.autoconfigure.diagnostics");

	@ArchTest
	static final ArchRule SETTINGS_DO_NOT_KNOW_MEMBERSHIPS_AND_MESSAGES = noClasses().that()
		.resideInAPackage("dev.cpg.boot.autoconfigure.settings")
		.should()
		.dependOnClassesThat()
		.resideInAnyPackage("dev.cpg.boot.autoconfigure.messages", "dev.cpg.spring..");

	@ArchTest
	static final ArchRule NOBODY_DEPENDS_ON_DIAGNOSTICS = noClasses().that()
		.resideOutsideOfPackage("dev.cpg.boot.autoconfigure.diagnostics")
		.should()
		.dependOnClassesThat()
		.resideInAPackage("dev.cpg.boot.autoconfigure.diagnostics");

	@ArchTest
	static final ArchRule PACKAGES_DO_NOT_DEPEND_ON_EACH_OTHER_IN_CIRCLES = slices().matching("dev.cpg.(**)")
		.should()
		.beFreeOfCycles();

}
