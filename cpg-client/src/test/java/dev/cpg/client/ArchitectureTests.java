package dev.cpg.client;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

@AnalyzeClasses(packages = "dev.cpg", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTests {

	@ArchTest
	static final ArchRule THE_API_KNOWS_NO_IMPLEMENTATION = noClasses().that()
		.resideInAPackage("dev.cpg.client")
		.should()
		.dependOnClassesThat()
		.resideInAnyPackage("dev.cpg.client.corosync..", "dev.cpg.client.internal..");

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
		.resideOutsideOfPackage("dev.cpg.client.internal.log")
		.should()
		.dependOnClassesThat()
		.resideInAPackage("org.slf4j..");

	@ArchTest
	static final ArchRule EACH_LAYER_USES_THOSE_BELOW_IT = layeredArchitecture().consideringOnlyDependenciesInLayers()
		.layer("connector")
		.definedBy("dev.cpg.client.corosync")
		.layer("services")
		.definedBy("dev.cpg.client.internal.cpg..", "dev.cpg.client.internal.cmap..",
				"dev.cpg.client.internal.quorum..")
		.layer("ipc")
		.definedBy("dev.cpg.client.internal.ipc..")
		.layer("basics")
		.definedBy("dev.cpg.client.internal.concurrent..", "dev.cpg.client.internal.log..")
		.whereLayer("connector")
		.mayNotBeAccessedByAnyLayer()
		.whereLayer("services")
		.mayOnlyBeAccessedByLayers("connector")
		.whereLayer("ipc")
		.mayOnlyBeAccessedByLayers("connector", "services")
		.whereLayer("basics")
		.mayOnlyBeAccessedByLayers("connector", "services", "ipc");

	/** It serves all services alike; that it names none, its sources show. */
	@ArchTest
	static final ArchRule THE_IPC_LAYER_USES_ONLY_THE_EXCEPTIONS_OF_THE_API = noClasses().that()
		.resideInAPackage("dev.cpg.client.internal.ipc..")
		.should()
		.dependOnClassesThat(resideInAPackage("dev.cpg.client").and(not(belongToAnyOf(CsError.class,
				CorosyncException.class, CorosyncConnectException.class, CorosyncSetting.class))));

	@ArchTest
	static final ArchRule PACKAGES_DO_NOT_DEPEND_ON_EACH_OTHER_IN_CIRCLES = slices().matching("dev.cpg.(**)")
		.should()
		.beFreeOfCycles();

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
