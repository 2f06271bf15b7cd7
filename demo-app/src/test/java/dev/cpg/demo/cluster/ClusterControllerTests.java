package dev.cpg.demo.cluster;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for the cluster inside the JVM, over HTTP.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = "cpg.mode=embedded")
@Timeout(60)
class ClusterControllerTests {

	private ClusterApi api;

	private String one;

	private String two;

	private String three;

	@BeforeEach
	void beginAgain(@LocalServerPort int port) throws Exception {
		this.api = new ClusterApi(port);
		this.api.act("/reset", "{}");
		this.one = this.api.membersOn(1).get(0);
		this.two = this.api.membersOn(2).get(0);
		this.three = this.api.membersOn(3).get(0);
	}

	@Test
	void itBeginsWithOneMemberOnEachNodeAndAnEmptyTimeLine() throws Exception {
		for (String member : List.of(this.one, this.two, this.three)) {
			assertThat(this.api.viewOf(member)).containsExactly(this.one, this.two, this.three);
		}
		assertThat(this.api.get("/notices")).isEmpty();
		assertThat(this.api.get("").at("/members/0/service").asBoolean()).isTrue();
		assertThat(this.api.get("").path("sides")).hasSize(1);
	}

	@Test
	void allMembersAreNotifiedOfAllMessagesInOneOrder() throws Exception {
		assertThat(this.api.send(this.one, "a").path("members").asInt()).isEqualTo(3);
		this.api.send(this.two, "b");
		this.api.send(this.three, "c");
		for (String member : List.of(this.one, this.two, this.three)) {
			eventually(() -> assertThat(this.api.lane(member)).containsExactly("a", "b", "c"));
		}
	}

	@Test
	void eachSideOfASplitIsNotifiedOfItsOwnMessagesOnly() throws Exception {
		this.api.act("/sides", "[[1,2],[3]]");
		eventually(() -> assertThat(this.api.viewOf(this.one)).containsExactly(this.one, this.two));
		eventually(() -> assertThat(this.api.viewOf(this.two)).containsExactly(this.one, this.two));
		eventually(() -> assertThat(this.api.viewOf(this.three)).containsExactly(this.three));
		assertThat(this.api.send(this.two, "here").path("members").asInt()).isEqualTo(2);
		assertThat(this.api.send(this.three, "there").path("members").asInt()).isEqualTo(1);
		this.api.act("/heal", "{}");
		eventually(() -> assertThat(this.api.lane(this.one)).containsExactly(this.three + " NODEDOWN", "here",
				this.three + " NODEUP"));
		eventually(() -> assertThat(this.api.lane(this.three)).containsExactly(this.one + " NODEDOWN",
				this.two + " NODEDOWN", "there", this.one + " NODEUP", this.two + " NODEUP"));
	}

	@Test
	void nodesThatAreOnNoSideFormOneMore() throws Exception {
		assertThat(this.api.act("/sides", "[[2]]").path("sides").toString()).isEqualTo("[[1,3],[2]]");
	}

	@Test
	void aMemberJoinsAndLeavesAndAnotherIsKilled() throws Exception {
		String fourth = this.api.act("/nodes/2/members", "{}").path("address").asString();
		assertThat(fourth).startsWith("2/");
		this.api.act("/members/" + fourth + "/leave", "{}");
		this.api.act("/members/" + this.three + "/kill", "{}");
		for (String member : List.of(this.one, this.two)) {
			eventually(() -> assertThat(this.api.lane(member)).containsExactly(fourth + " JOIN", fourth + " LEAVE",
					this.three + " PROCDOWN"));
		}
		eventually(() -> assertThat(this.api.lane(this.three)).endsWith("ENDED it was killed"));
		assertThat(this.api.refusal(409, "/members/" + this.three + "/messages", "{\"text\":\"a\"}"))
			.contains(this.three, "has ended");
		assertThat(this.api.act("/clear", "{}").path("members")).hasSize(2);
	}

	@Test
	void aDroppedMessageIsReportedToItsSenderAlone() throws Exception {
		assertThat(this.api.act("/members/" + this.two + "/drop-next", "{}").at("/members/1/dropNext").asBoolean())
			.isTrue();
		assertThat(this.api.post("/members/" + this.two + "/messages", "{\"text\":\"gone\"}"))
			.satisfies((response) -> assertThat(response.statusCode()).isEqualTo(503))
			.satisfies((response) -> assertThat(response.body()).contains("\"outcome\":\"lost\""));
		this.api.send(this.two, "arrives");
		eventually(() -> assertThat(this.api.lane(this.two)).containsExactly("LOST gone", "arrives"));
		eventually(() -> assertThat(this.api.lane(this.three)).containsExactly("arrives"));
	}

	@Test
	void aMessageOfTheServiceCanBeDroppedToo() throws Exception {
		this.api.act("/members/" + this.one + "/drop-next", "{}");
		assertThat(this.api.post("/members/" + this.one + "/messages", "{\"text\":\"gone\"}").statusCode())
			.isEqualTo(503);
		assertThat(this.api.lane(this.one)).containsExactly("LOST gone");
	}

	@Test
	void membersOfANodeWhoseDaemonDiesJoinAgainWhenItIsStarted() throws Exception {
		this.api.act("/nodes/3/kill", "{}");
		eventually(() -> assertThat(this.api.lane(this.one)).containsExactly(this.three + " NODEDOWN"));
		assertThat(this.api.membersOn(3)).isEmpty();
		assertThat(this.api.refusal(409, "/nodes/3/members", "{}")).contains("start it first");
		this.api.act("/nodes/3/start", "{}");
		eventually(() -> assertThat(this.api.viewOf(this.one)).containsExactly(this.one, this.two, this.three));
	}

	@Test
	void theServiceJoinsAgainByItselfWhenItsNodeIsStarted() throws Exception {
		this.api.act("/nodes/1/stop", "{}");
		eventually(() -> assertThat(this.api.lane(this.two)).containsExactly(this.one + " PROCDOWN"));
		this.api.act("/nodes/1/start", "{}");
		eventually(() -> assertThat(this.api.membersOn(1)).hasSize(1));
		eventually(() -> assertThat(this.api.viewOf(this.two)).hasSize(3));
	}

	@Test
	void thePausedMemberIsNotifiedOfNothingUntilItsNodeGoesOn() throws Exception {
		this.api.act("/nodes/2/pause", "{}");
		eventually(() -> assertThat(this.api.lane(this.one)).containsExactly(this.two + " NODEDOWN"));
		assertThat(this.api.lane(this.two)).isEmpty();
		assertThat(this.api.viewOf(this.two)).hasSize(3);
		assertThat(this.api.refusal(409, "/members/" + this.two + "/leave", "{}")).contains("resume it first");
		this.api.act("/nodes/2/resume", "{}");
		eventually(() -> assertThat(this.api.viewOf(this.one)).hasSize(3));
		eventually(() -> assertThat(this.api.viewOf(this.two)).hasSize(3));
	}

	@Test
	void theLeaderHandsOverToAnotherMemberWhoseTokenIsLarger() throws Exception {
		long token = this.api.lead(this.three).path("token").asLong();
		this.api.act("/hand-over", "{}");
		eventually(() -> {
			assertThat(this.api.lead(this.one).path("leader").asString("")).isIn(this.one, this.two);
			assertThat(this.api.lead(this.one).path("token").asLong()).isGreaterThan(token);
			assertThat(this.api.lead(this.three)).isEqualTo(this.api.lead(this.one));
		});
		assertThat(this.api.get("/notices").valueStream())
			.filteredOn((notice) -> notice.at("/content/kind").asString().equals("REVOKED"))
			.extracting((notice) -> notice.path("member").asString() + " " + notice.at("/content/reason").asString())
			.contains(this.three + " YIELD");
	}

	@Test
	void nobodyHandsOverWithoutQuorum() throws Exception {
		this.api.act("/nodes/2/stop", "{}");
		this.api.act("/nodes/3/stop", "{}");
		eventually(() -> assertThat(this.api.lead(this.one).path("vacancy").asString("")).isEqualTo("INQUORATE"));
		assertThat(this.api.refusal(409, "/hand-over", "{}")).contains("Nobody leads");
	}

	@Test
	void theNumberOfMembersIsLimited() throws Exception {
		for (int count = 4; count <= Members.MAX_MEMBERS; count++) {
			this.api.act("/nodes/3/members", "{}");
		}
		assertThat(this.api.refusal(409, "/nodes/3/members", "{}")).contains("There are 8 members");
	}

	@Test
	void theTimeLineIsLimited() throws Exception {
		for (int i = 0; i <= Timeline.MAX_NOTICES / 3; i++) {
			this.api.send(this.one, "message " + i);
		}
		eventually(() -> assertThat(this.api.get("/notices")).hasSize(Timeline.MAX_NOTICES));
	}

	@Test
	void whatMakesNoSenseIsRefusedWithTheReason() throws Exception {
		String messages = "/members/" + this.two + "/messages";
		assertThat(this.api.refusal(400, messages, "{}")).contains("text is missing");
		assertThat(this.api.refusal(413, messages, "{\"text\":\"" + "a".repeat(ClusterController.MAX_TEXT + 1) + "\"}"))
			.contains("200 characters");
		assertThat(this.api.refusal(404, "/members/2/4000000/kill", "{}")).contains("no member 2/4000000");
		assertThat(this.api.refusal(404, "/members/2/0/kill", "{}")).contains("no member 2/0");
		assertThat(this.api.refusal(404, "/nodes/4/pause", "{}")).contains("no node 4");
		assertThat(this.api.refusal(409, "/members/" + this.one + "/kill", "{}")).contains("this service");
		assertThat(this.api.refusal(400, "/sides", "[[1,2],[2]]")).contains("one side only");
		assertThat(this.api.refusal(400, "/sides", "[[null]]")).contains("nodes from 1 to 3");
	}

	@Test
	void pagesOfOtherSitesCannotChangeAnything() throws Exception {
		for (String path : List.of("/sides", "/heal", "/reset", "/hand-over", "/clear", "/nodes/2/kill",
				"/nodes/2/members", "/members/" + this.two + "/kill", "/members/" + this.two + "/messages")) {
			assertThat(this.api.post(path, "text/plain", "{}").statusCode()).as(path).isEqualTo(415);
		}
		assertThat(this.api.get("").at("/nodes/1/running").asBoolean()).isTrue();
	}

	@Test
	void aBrowserGetsASnapshotAndThenWhatMembersAreNotifiedOf() throws Exception {
		this.api.send(this.one, "before");
		eventually(() -> assertThat(this.api.get("/notices")).hasSize(3));
		HttpURLConnection connection = (HttpURLConnection) this.api.uri("/events").toURL().openConnection();
		connection.setReadTimeout(30_000);
		try (BufferedReader lines = new BufferedReader(
				new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8))) {
			assertThat(next(lines, "snapshot")).contains("\"sides\":[[1,2,3]]", "before");
			this.api.send(this.two, "after");
			assertThat(next(lines, "notice")).contains("\"sender\":\"" + this.two + "\"", "after");
			this.api.act("/nodes/3/pause", "{}");
			assertThat(next(lines, "cluster")).isNotEmpty();
		}
		finally {
			connection.disconnect();
		}
	}

	/** Returns the data of the next event of a name, past events of other names. */
	private static String next(BufferedReader lines, String name) throws IOException {
		for (String line = lines.readLine(); line != null; line = lines.readLine()) {
			if (line.equals("event:" + name)) {
				return lines.readLine();
			}
		}
		throw new AssertionError("The stream ended before an event '" + name + "'");
	}

	private static void eventually(ThrowingRunnable assertion) {
		await().atMost(Duration.ofSeconds(20)).untilAsserted(assertion);
	}

}
