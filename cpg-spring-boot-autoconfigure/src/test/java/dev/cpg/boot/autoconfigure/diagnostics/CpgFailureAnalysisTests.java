package dev.cpg.boot.autoconfigure.diagnostics;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Scanner;

import dev.cpg.boot.autoconfigure.CpgAutoConfiguration;
import dev.cpg.boot.autoconfigure.CpgConnectionDetails;
import dev.cpg.boot.autoconfigure.embedded.CpgEmbeddedAutoConfiguration;
import dev.cpg.client.CorosyncConnectException;
import dev.cpg.client.CorosyncConnectException.Reason;
import dev.cpg.client.CorosyncException;
import dev.cpg.client.CpgView;
import dev.cpg.client.CsError;
import dev.cpg.fixture.ServiceNode;
import dev.cpg.spring.CpgGroup;
import dev.cpg.spring.CpgMembership;
import dev.cpg.spring.CpgOperations;
import dev.cpg.spring.CpgTemplate;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * What a newcomer reads when the first start goes wrong, from a real start where that
 * needs no daemon.
 */
@ExtendWith(OutputCaptureExtension.class)
class CpgFailureAnalysisTests {

	@AutoClose
	private final ServiceNode node = new ServiceNode();

	@Test
	void noGroupName(CapturedOutput output) {
		start();
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("neither 'cpg.group' nor 'spring.application.name' is set")
			.contains("cpg.group=orders");
	}

	@Test
	void daemonNotRunning(CapturedOutput output) {
		start("--cpg.group=orders", "--cpg.fail-fast=true", "--cpg.corosync.socket-directory=/does/not/exist");
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("nothing listens where its daemon would")
			.contains("cpg.corosync.socket-directory is set to '/does/not/exist'")
			.contains("ls -l '/does/not/exist/cpg'")
			.contains("systemctl start corosync")
			.contains("cpg.fail-fast=false");
	}

	@Test
	void embeddedWithAForbiddenProfile(CapturedOutput output) {
		startEmbedded("--spring.profiles.active=production");
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("cpg.mode=embedded is set, and the profile 'production' is active")
			.contains("cpg.embedded.forbidden-profiles=live");
	}

	private static void startEmbedded(String... arguments) {
		assertThatException().isThrownBy(() -> application().sources(EmbeddedApplication.class)
			.properties("cpg.group=orders", "cpg.mode=embedded")
			.run(arguments));
	}

	@Test
	void permissionDenied(CapturedOutput output) throws Exception {
		this.node.refuse(Reason.PERMISSION_DENIED);
		start(this.node);
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("/etc/corosync/uidgid.d/" + System.getProperty("user.name"))
			.contains("""
					    uidgid {
					        uid: %s
					    }
					""".formatted(id("-u")))
			.contains("gid: " + id("-g"))
			.contains("corosync-cfgtool -R");
	}

	@Test
	void memberIdTaken(CapturedOutput output) {
		this.node.takeMemberId("orders");
		start(this.node);
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("Another connection on this node is the member 1/100")
			.contains("Remove the setting")
			.contains("cpg.member-id=${random.int[1,2147483647]}");
	}

	@Test
	void nodeFull(CapturedOutput output) {
		for (int i = 0; i < CpgView.MAX_MEMBERS_OF_NODE; i++) {
			this.node.cluster().node(1).join("orders");
		}
		start(this.node);
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("This node has 128 members of the group orders")
			.contains("Run fewer instances on this node");
	}

	@Test
	void joinNotAgreedInTime(CapturedOutput output) {
		this.node.pauseAtJoin();
		start(this.node, "--cpg.group=orders", "--cpg.fail-fast=true", "--cpg.join-timeout=100ms");
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("takes longer than 100 ms (cpg.join-timeout)")
			.contains("cpg.join-timeout sets how long to wait");
	}

	@Test
	void aGhostUnderTheMembersIdIsNotOverWithAnotherStart(CapturedOutput output) {
		this.node.leaveGhost(this.node.takeMemberId("orders").localAddress());
		start(this.node);
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("still counts 1/100 as a member")
			.contains("cpg.member-id=${random.int[1,2147483647]}")
			.doesNotContain("starting again helps");
	}

	@ParameterizedTest
	@EnumSource(names = { "TIMEOUT", "TRY_AGAIN", "EXIST" })
	void whatFailsAfterTheJoinIsNotExplainedAsOne(CsError error, CapturedOutput output) {
		assertThatException().isThrownBy(() -> application().initializers(this.node::register,
				(context) -> context.getBeanFactory().registerSingleton("runner", (ApplicationRunner) (args) -> {
					throw new CorosyncException(error, "A message was not sent");
				}))
			.run("--cpg.group=orders", "--cpg.fail-fast=true"));
		assertThat(output).contains("A message was not sent").doesNotContain("could not be joined");
	}

	@Test
	void groupNameTooLong(CapturedOutput output) {
		start("--cpg.group=" + "ä".repeat(65));
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("configuration property 'cpg.group'")
			.contains("at most 128 bytes")
			.contains("commandLineArgs");
	}

	@Test
	void groupNameThatWasNotDecoded(CapturedOutput output) {
		start("--cpg.group=auftr\uFFFD\uFFFDge");
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("configuration property 'cpg.group'")
			.contains("needs a UTF-8 locale");
	}

	@Test
	void pathOfASocketTooLong(CapturedOutput output) {
		start("--cpg.group=orders", "--cpg.corosync.socket-directory=/" + "d".repeat(102));
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("configuration property 'cpg.corosync.socket-directory'")
			.contains("at most 107 bytes");
	}

	@Test
	void applicationNameTooLongForAGroup(CapturedOutput output) {
		start("--spring.application.name=" + "a".repeat(129));
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("configuration property 'spring.application.name'")
			.contains("Set cpg.group to give the group another name");
	}

	@Test
	void aValueThatCannotWork(CapturedOutput output) {
		start("--cpg.group=orders", "--cpg.join-timeout=0s");
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("cpg.join-timeout")
			.contains("It must be between 1ms and 365d.");
	}

	@ParameterizedTest
	@CsvSource(delimiter = ';', value = { "-1", "4711,4294967295" })
	void aTrustedUserThatThereCannotBe(String uids, CapturedOutput output) {
		start("--cpg.group=orders", "--cpg.corosync.trusted-uids=" + uids);
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("configuration property 'cpg.corosync.trusted-uids'")
			.contains("between 0 and 4294967294");
	}

	@ParameterizedTest
	@CsvSource(delimiter = ';', value = {
			"--cpg.reconnect.initial-interval=20s; Invalid value '20s' for configuration property "
					+ "'cpg.reconnect.initial-interval'; It must not be longer than cpg.reconnect.max-interval, which is 1s.",
			"--cpg.reconnect.max-interval=50ms; Invalid value '50ms' for configuration property "
					+ "'cpg.reconnect.max-interval'; It must not be shorter than cpg.reconnect.initial-interval, "
					+ "which is 100ms." })
	void ofTwoIntervalsThatDoNotFitTheOneThatIsSetIsNamed(String argument, String what, String reason,
			CapturedOutput output) {
		start("--cpg.group=orders", argument);
		assertThat(output).contains("APPLICATION FAILED TO START").contains(what).contains(reason);
	}

	@Test
	void anUnknownMode(CapturedOutput output) {
		start("--cpg.group=orders", "--cpg.mode=jgroups");
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("Property: cpg.mode")
			.contains("Value: \"jgroups\"")
			.contains("""
					The following values are valid:

					    corosync
					    embedded
					""");
	}

	@Test
	void aTypeOfMessagesUnderATakenName(CapturedOutput output) {
		start("--cpg.group=orders", "--cpg.messages.types.fine=java.time.Instant",
				"--cpg.messages.types.string=java.time.Duration");
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("Invalid value 'java.time.Duration' for configuration property 'cpg.messages.types.string'")
			.doesNotContain("java.time.Instant");
	}

	@ParameterizedTest
	@EnumSource
	void whereThereIsNoCorosyncADeveloperCanDoWithout(Reason reason) {
		CorosyncConnectException failure = new CorosyncConnectException(reason, CsError.LIBRARY, "What the client said",
				null);
		boolean none = reason == Reason.NOT_RUNNING || reason == Reason.UNSUPPORTED_PLATFORM;
		assertThat(String.valueOf(analyze(failure, new MockEnvironment()).getAction()).contains("cpg.mode=embedded"))
			.isEqualTo(none);
		MockEnvironment production = new MockEnvironment();
		production.setActiveProfiles("prod");
		assertThat(analyze(failure, production).getAction()).doesNotContain("embedded");
	}

	@Test
	void aConnectionWithinTheJvmIsNotExplainedWithADaemon() {
		CorosyncConnectException failure = new CorosyncConnectException(Reason.NOT_RUNNING, CsError.NOT_EXIST,
				"There is no daemon on node 1", null);
		MockEnvironment environment = new MockEnvironment().withProperty("cpg.mode", "embedded");
		assertThat(
				new CpgConnectFailureAnalyzer(new StaticListableBeanFactory(), environment).analyze(failure, failure))
			.isNull();
	}

	@ParameterizedTest
	@ValueSource(classes = { NeedsTemplate.class, NeedsOperations.class, NeedsGroup.class, NeedsMembership.class })
	void aBeanThatIsMissingBecauseTheStarterIsDisabled(Class<?> component, CapturedOutput output) {
		assertThatException().isThrownBy(() -> application().sources(component).run("--cpg.enabled=false"));
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("required a bean of type 'dev.cpg.spring.Cpg")
			.contains("and cpg.enabled=false is set")
			.contains("cpg.mode=embedded");
	}

	@Test
	void aBeanThatIsMissingForAnotherReasonIsNotExplainedWithTheStarter(CapturedOutput output) {
		assertThatException()
			.isThrownBy(() -> application().sources(NeedsSomethingElse.class).run("--cpg.enabled=false"));
		assertThat(output).contains("APPLICATION FAILED TO START").doesNotContain("cpg.enabled");
	}

	@ParameterizedTest
	@EnumSource
	void everyReasonIsExplainedAndHasARemedy(Reason reason) {
		CorosyncConnectException failure = new CorosyncConnectException(reason, CsError.LIBRARY, "What the client said",
				null);
		FailureAnalysis analysis = analyze(failure, new MockEnvironment());
		assertThat(analysis.getDescription()).contains("What the client said").doesNotContain("%s");
		boolean forGood = reason == Reason.NATIVE_LIBRARY || reason == Reason.NATIVE_ACCESS_DENIED;
		String later = forGood ? "start the service again" : "set cpg.fail-fast=false";
		assertThat(analysis.getAction())
			.contains((reason == Reason.UNSUPPORTED_PLATFORM) ? "set cpg.enabled=false" : later)
			.doesNotContain("%s");
	}

	@Test
	void whereNoJoinWillEverBePossibleNoOneIsAdvisedToWaitForIt() {
		CorosyncConnectException failure = new CorosyncConnectException(Reason.UNSUPPORTED_PLATFORM, CsError.LIBRARY,
				"No", null);
		assertThat(analyze(failure, new MockEnvironment()).getAction()).doesNotContain("fail-fast", "as soon as");
	}

	@Test
	void aJoinOfAnAdditionalGroupThatFailsIsExplainedWithItsOwnSettings(CapturedOutput output) {
		this.node.pauseAtJoin();
		start(this.node, "--cpg.group=orders", "--cpg.groups.audit.fail-fast=true",
				"--cpg.groups.audit.join-timeout=100ms");
		assertThat(output).contains("cpg.groups.audit.join-timeout sets how long to wait")
			.contains("set cpg.groups.audit.fail-fast=false.");
		this.node.daemon().resume();
		this.node.takeMemberId("audit");
		start(this.node, "--cpg.group=orders", "--cpg.groups.audit.fail-fast=true", "--cpg.groups.audit.member-id=7");
		assertThat(output).contains("cpg.groups.audit.member-id=${random.int[1,2147483647]}");
	}

	@Test
	void aNameThatAGroupHasFromItsKeyIsExplained(CapturedOutput output) {
		start("--cpg.group=prices", "--cpg.groups.prices.fail-fast=false");
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("'cpg.groups.prices.group' is not set, and its value 'prices' cannot be used here.")
			.contains("cpg.group has the same name")
			.contains("Set 'cpg.groups.prices.group' to another value.");
	}

	@ParameterizedTest
	@CsvSource({ "SHARED_MEMORY_NOT_SHARED, --ipc host", "NETWORK_NOT_SHARED, qb_ipc_type to native",
			"NETWORK_NOT_SHARED, --network host", "NATIVE_LIBRARY, java.io.tmpdir",
			"UNSUPPORTED_PLATFORM, 64-bit Linux", "UNSUPPORTED_TRANSPORT, qb_ipc_type: native",
			"TIMEOUT, cpg.corosync.request-timeout", "NOT_READY, journalctl -u corosync", "PROTOCOL, corosync -v",
			"NO_RESOURCES, LimitNOFILE", "NATIVE_ACCESS_DENIED, java --enable-native-access=ALL-UNNAMED",
			"NOT_PERMITTED, findmnt /dev/shm", "UNTRUSTED_DAEMON, cpg.corosync.trusted-uids" })
	void theRemedyFitsTheReason(Reason reason, String remedy) {
		CorosyncConnectException failure = new CorosyncConnectException(reason, CsError.LIBRARY, "What the client said",
				null);
		assertThat(analyze(failure, new MockEnvironment()).getAction()).contains(remedy);
	}

	@Test
	void theDirectoryOfAnAdditionalGroupIsNamedAsItWasSet(CapturedOutput output) {
		start("--cpg.group=orders", "--cpg.groups.audit.fail-fast=true", "--cpg.join-timeout=2s",
				"--cpg.corosync.socket-directory=/does/not/exist",
				"--cpg.groups.audit.corosync.socket-directory=/nor/does/this");
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("cpg.groups.audit.corosync.socket-directory is set to '/nor/does/this'")
			.contains("ls -l '/nor/does/this/cpg'")
			.contains("set cpg.groups.audit.fail-fast=false.")
			.doesNotContain("cpg.corosync.socket-directory is set");
	}

	@Test
	void whereABeanSaysWhereTheDaemonIsNoPropertyIsBlamed(CapturedOutput output) {
		assertThatException().isThrownBy(() -> application().sources(OwnDetails.class)
			.run("--cpg.group=orders", "--cpg.fail-fast=true", "--cpg.corosync.socket-directory=/does/not/exist"));
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("/said/by/a/bean/cpg")
			.contains("The bean 'ownDetails', of type CpgConnectionDetails, says where the daemon is")
			.contains("systemctl start corosync")
			.doesNotContain("cpg.corosync.socket-directory is set");
	}

	@Test
	void whatAnsweredOtherwiseIsSoughtWhereItWasSet() {
		CorosyncConnectException failure = new CorosyncConnectException(Reason.PROTOCOL, CsError.LIBRARY,
				"What it said", null);
		assertThat(analyze(failure, new MockEnvironment()).getAction())
			.contains("Version 3.1 is known to work.\n\nTo start anyway")
			.doesNotContain("2.4");
		MockEnvironment environment = new MockEnvironment().withProperty("cpg.corosync.socket-directory", "/one")
			.withProperty("cpg.groups.priceList.corosync.socket-directory", "/two");
		assertThat(analyze(failure, environment).getAction()).contains(
				"cpg.corosync.socket-directory or cpg.groups.priceList.corosync.socket-directory names the daemon's");
		StaticListableBeanFactory beans = new StaticListableBeanFactory();
		beans.addBean("mine", new OwnDetails().ownDetails());
		assertThat(Objects.requireNonNull(new CpgConnectFailureAnalyzer(beans, environment).analyze(failure, failure))
			.getAction()).contains("Check that the bean 'mine' names the daemon's directory.")
			.doesNotContain("socket-directory");
	}

	@Test
	void theTimeLimitOfAnAdditionalGroupIsNamedAsItWasSet() {
		CorosyncConnectException failure = new CorosyncConnectException(Reason.TIMEOUT, CsError.TIMEOUT, "Too late",
				null);
		MockEnvironment environment = new MockEnvironment().withProperty("cpg.groups.audit.corosync.request-timeout",
				"1s");
		assertThat(analyze(failure, environment).getAction())
			.contains("a longer cpg.groups.audit.corosync.request-timeout helps");
	}

	private static FailureAnalysis analyze(CorosyncConnectException failure, Environment environment) {
		return Objects.requireNonNull(
				new CpgConnectFailureAnalyzer(new StaticListableBeanFactory(), environment).analyze(failure, failure));
	}

	private static String id(String option) throws IOException {
		return new Scanner(new ProcessBuilder("id", option).start().getInputStream(), StandardCharsets.UTF_8).next();
	}

	private static void start(ServiceNode node) {
		start(node, "--cpg.group=orders", "--cpg.fail-fast=true");
	}

	private static void start(ServiceNode node, String... arguments) {
		assertThatException().isThrownBy(() -> application().initializers(node::register).run(arguments));
	}

	private static void start(String... arguments) {
		assertThatException().isThrownBy(() -> application().run(arguments));
	}

	private static SpringApplicationBuilder application() {
		return new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE);
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration(CpgAutoConfiguration.class)
	static class Application {

	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration(CpgEmbeddedAutoConfiguration.class)
	static class EmbeddedApplication {

	}

	record NeedsTemplate(CpgTemplate template) {
	}

	record NeedsOperations(CpgOperations operations) {
	}

	record NeedsGroup(CpgGroup group) {
	}

	record NeedsMembership(CpgMembership membership) {
	}

	record NeedsSomethingElse(ApplicationRunner runner) {
	}

	@Configuration(proxyBeanMethods = false)
	static class OwnDetails {

		@Bean
		CpgConnectionDetails ownDetails() {
			return new CpgConnectionDetails() {

				@Override
				public Path getSocketDirectory() {
					return Path.of("/said/by/a/bean");
				}

			};
		}

	}

}
