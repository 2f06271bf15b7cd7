package dev.cpg.demo.cluster;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.stream.Stream;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The cluster over HTTP, as the page uses it.
 */
class ClusterApi {

	private final HttpClient http = HttpClient.newHttpClient();

	private final JsonMapper json = JsonMapper.builder().build();

	private final String base;

	ClusterApi(int port) {
		this.base = "http://127.0.0.1:" + port + "/api/cluster";
	}

	URI uri(String path) {
		return URI.create(this.base + path);
	}

	JsonNode get(String path) throws IOException, InterruptedException {
		HttpResponse<String> response = this.http.send(HttpRequest.newBuilder(uri(path)).build(),
				BodyHandlers.ofString());
		assertThat(response.statusCode()).isEqualTo(200);
		return this.json.readTree(response.body());
	}

	HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
		return post(path, "application/json", body);
	}

	HttpResponse<String> post(String path, String type, String body) throws IOException, InterruptedException {
		return this.http.send(HttpRequest.newBuilder(uri(path))
			.header("Content-Type", type)
			.POST(BodyPublishers.ofString(body))
			.build(), BodyHandlers.ofString());
	}

	/** Does something that succeeds. */
	JsonNode act(String path, String body) throws IOException, InterruptedException {
		HttpResponse<String> response = post(path, body);
		assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
		return this.json.readTree(response.body());
	}

	/** Tries something that is refused, and returns why. */
	String refusal(int status, String path, String body) throws IOException, InterruptedException {
		HttpResponse<String> response = post(path, body);
		assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
		return this.json.readTree(response.body()).path("detail").asString();
	}

	JsonNode send(String member, String text) throws IOException, InterruptedException {
		return act("/members/" + member + "/messages", "{\"text\":\"" + text + "\"}");
	}

	/** Returns the addresses of the members on a node, as they see it. */
	List<String> membersOn(int node) throws IOException, InterruptedException {
		return get("").path("members")
			.valueStream()
			.filter((member) -> member.path("nodeId").asInt() == node && member.path("member").asBoolean())
			.map((member) -> member.path("address").asString())
			.toList();
	}

	List<String> viewOf(String member) throws IOException, InterruptedException {
		return statusOf(member).path("view").valueStream().map(JsonNode::asString).toList();
	}

	/** Returns who leads, as a member sees it. */
	JsonNode lead(String member) throws IOException, InterruptedException {
		return statusOf(member).path("lead");
	}

	private JsonNode statusOf(String member) throws IOException, InterruptedException {
		return get("").path("members")
			.valueStream()
			.filter((other) -> other.path("address").asString().equals(member))
			.findFirst()
			.orElseThrow();
	}

	/**
	 * Returns what a member was notified of: messages, changes with their reasons, and
	 * the end of its connection.
	 */
	List<String> lane(String member) throws IOException, InterruptedException {
		return get("/notices").valueStream()
			.filter((notice) -> notice.path("member").asString().equals(member))
			.map((notice) -> notice.path("content"))
			.flatMap((content) -> switch (content.path("kind").asString()) {
				case "CHANGE" -> Stream.concat(content.path("left").valueStream(), content.path("joined").valueStream())
					.map((party) -> party.path("member").asString() + " " + party.path("reason").asString());
				case "MESSAGE" -> Stream.of(content.path("text").asString());
				case "RING", "QUORUM", "LEADER", "GRANTED", "REVOKED" -> Stream.of();
				default -> Stream.of(content.path("kind").asString() + " " + content.path("text").asString());
			})
			.toList();
	}

}
