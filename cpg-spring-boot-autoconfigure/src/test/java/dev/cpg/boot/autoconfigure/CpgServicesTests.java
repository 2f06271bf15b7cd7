package dev.cpg.boot.autoconfigure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CpgView;
import dev.cpg.client.CsError;
import dev.cpg.embedded.EmbeddedCluster;
import dev.cpg.embedded.EmbeddedNode;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.awaitility.Awaitility.await;

/**
 * Services in one group, of which it does not matter what it runs on.
 */
@ExtendWith(OutputCaptureExtension.class)
@Timeout(60)
class CpgServicesTests {

	@AutoClose
	private final EmbeddedCluster cluster = EmbeddedCluster.start(2);

	private static Service start(EmbeddedNode node, String... properties) {
		List<String> all = new ArrayList<>(List.of(properties));
		all.add("cpg.group=orders");
		return Service.start(node, all.toArray(String[]::new));
	}

	@Test
	void allGetAllMessagesInOneOrderAlthoughAListenerThrowsOnEach() {
		try (Service one = start(this.cluster.node(1), "cpg.member-id=11");
				Service two = start(this.cluster.node(2), "cpg.member-id=22")) {
			List<CompletableFuture<CpgView>> sent = new ArrayList<>();
			for (int i = 0; i < 200; i++) {
				sent.add(one.template().multicast("a" + i));
				sent.add(two.template().multicast("b" + i));
			}
			assertThat(sent).allSatisfy((send) -> assertThat(send).succeedsWithin(Duration.ofSeconds(10)));
			await().untilAsserted(() -> assertThat(messages(one)).hasSize(400));
			await().untilAsserted(() -> assertThat(messages(two)).isEqualTo(messages(one)));
			assertThat(one.meters().get("cpg.messages.delivered").counter().count()).isEqualTo(400);
			await().untilAsserted(() -> assertThat(one.meters().get("cpg.send").timer().count()).isEqualTo(200));
		}
	}

	@Test
	void failsFastWhenTheMemberIdIsTakenAndSaysWhichSettingToChange(CapturedOutput output) {
		try (Service service = start(this.cluster.node(1), "cpg.member-id=1")) {
			assertThatException()
				.isThrownBy(() -> start(this.cluster.node(1), "cpg.member-id=1", "cpg.fail-fast=true").close())
				.havingRootCause()
				.isInstanceOfSatisfying(CorosyncException.class,
						(ex) -> assertThat(ex.error()).isEqualTo(CsError.EXIST));
			assertThat(output).contains("APPLICATION FAILED TO START").contains("cpg.member-id=");
			assertThat(service.members()).containsExactly("1/1");
		}
	}

	@Test
	void theNulAtTheEndMakesAnotherGroup() {
		try (Service plain = start(this.cluster.node(1), "cpg.member-id=11");
				Service terminated = start(this.cluster.node(1), "cpg.member-id=12",
						"cpg.group-name-terminated=true")) {
			assertThat(terminated.members()).containsExactly("1/12");
			assertThat(terminated.group().getName()).isEqualTo(plain.group().getName());
			assertThat(plain.members()).containsExactly("1/11");
		}
	}

	@Test
	void aListenerMayCloseTheContextAndTheOthersSeeALeave() {
		try (Service one = start(this.cluster.node(1), "cpg.member-id=11", "cpg.leave-timeout=500ms");
				Service two = start(this.cluster.node(2), "cpg.member-id=22")) {
			one.closeOn("bye");
			assertThat(two.template().multicast("bye")).succeedsWithin(Duration.ofSeconds(10));
			await().untilAsserted(() -> assertThat(two.heard()).contains("joined [] left [1/11 LEAVE]"));
			await().until(() -> !one.isActive());
		}
	}

	private static List<String> messages(Service service) {
		return service.heard()
			.stream()
			.filter((line) -> line.matches("[ab]\\d+ from .*"))
			.map((line) -> line.replace(" (me)", ""))
			.toList();
	}

}
