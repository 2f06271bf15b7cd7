package dev.cpg.demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.StreamSupport;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The steps of {@code scripts/demo --check}. Each step asks running services over HTTP
 * and exits with 0 if the answers are right. A failure is reported in one line.
 */
final class DemoCheck {

	private static final int MESSAGES_EACH = 10;

	private final HttpClient http = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

	private final JsonMapper json = JsonMapper.builder().build();

	private final Duration limit;

	private DemoCheck(Duration limit) {
		this.limit = limit;
	}

	/**
	 * Runs a step.
	 * @param args the time limit in seconds, the step, its arguments, and the addresses
	 * of the services
	 */
	public static void main(String[] args) throws InterruptedException {
		DemoCheck check = new DemoCheck(Duration.ofSeconds(Long.parseLong(args[0])));
		try {
			switch (args[1]) {
				case "address" -> System.out.println(check.address(args[2]));
				case "members" -> check.members(Integer.parseInt(args[2]), from(args, 3));
				case "leader" -> System.out.println(check.leader(Long.parseLong(args[2]), from(args, 3)));
				case "order" -> check.order(from(args, 2));
				case "gone" -> check.gone(args[2], args[3], from(args, 4));
				case "alone" -> check.alone(args[2]);
				default -> throw new Failure("There is no step '" + args[1] + "'");
			}
		}
		catch (Failure ex) {
			System.err.println(ex.getMessage());
			System.exit(1);
		}
	}

	private static List<String> from(String[] args, int first) {
		return Arrays.asList(args).subList(first, args.length);
	}

	private String address(String service) throws InterruptedException {
		JsonNode status = get(service, "/api/group");
		if (status == null || !status.path("local").isString()) {
			throw new Failure(service + " does not report which member it is: " + status);
		}
		return status.path("local").asString();
	}

	private void members(int count, List<String> services) throws InterruptedException {
		for (String service : services) {
			await(service, "/api/group", "to be a member of a group of " + count,
					(status) -> status.path("connected").asBoolean() && status.path("members").size() == count
							&& status.path("ring").has("id"));
		}
	}

	/**
	 * All services show the same leader, with the same token and a ring with quorum, and
	 * one of them is the leader.
	 * @param above what the token must be above
	 * @return the token
	 */
	private long leader(long above, List<String> services) throws InterruptedException {
		Condition led = (status) -> status.path("quorum").asString().equals("QUORATE")
				&& status.at("/lead/token").asLong(0) > above;
		long end = System.nanoTime() + this.limit.toNanos();
		while (true) {
			Set<JsonNode> leads = new HashSet<>();
			List<String> leading = new ArrayList<>();
			for (String service : services) {
				await(service, "/api/group", "to show quorum, and a leader with a token above " + above, led);
				JsonNode status = getOrFail(service, "/api/group");
				leads.add(status.path("lead"));
				if (status.path("leading").asBoolean()) {
					leading.add(status.path("local").asString());
				}
			}
			JsonNode lead = leads.iterator().next();
			if (leads.size() == 1 && leading.equals(List.of(lead.path("leader").asString("")))) {
				return lead.path("token").asLong();
			}
			if (System.nanoTime() - end > 0) {
				throw new Failure("The services %s show the leaders %s, and those who lead are %s".formatted(services,
						leads, leading));
			}
			Thread.sleep(100);
		}
	}

	/**
	 * All services send at the same time, and all must report the same order.
	 */
	private void order(List<String> services) throws InterruptedException {
		Set<String> sent = new HashSet<>();
		List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
		for (int i = 1; i <= MESSAGES_EACH; i++) {
			for (String service : services) {
				String text = "message " + i + " through " + service;
				sent.add(text);
				answers.add(post(service, text));
			}
		}
		for (CompletableFuture<HttpResponse<String>> answer : answers) {
			HttpResponse<String> response = answer.join();
			if (response.statusCode() != 200) {
				throw new Failure("A message was not delivered: " + response.body());
			}
		}
		List<String> expected = null;
		for (String service : services) {
			await(service, "/api/messages", "to have received " + sent.size() + " messages",
					(messages) -> messages.size() >= sent.size());
			List<String> received = StreamSupport.stream(getOrFail(service, "/api/messages").spliterator(), false)
				.map((message) -> message.path("sender").asString() + ": " + message.path("text").asString())
				.toList();
			expected = (expected != null) ? expected : received;
			if (!received.equals(expected)) {
				throw new Failure("%s received other messages, or in another order, than %s: %s, but %s"
					.formatted(service, services.get(0), received, expected));
			}
			if (StreamSupport.stream(getOrFail(service, "/api/messages").spliterator(), false)
				.anyMatch((message) -> message.path("raw").asBoolean(true))) {
				throw new Failure(service + " received bytes where notes were sent");
			}
			if (received.size() != sent.size() || !received.stream()
				.allMatch((message) -> sent.contains(message.substring(message.indexOf(": ") + 2)))) {
				throw new Failure("%s did not receive what was sent: %s, but %s".formatted(service, received, sent));
			}
		}
	}

	private void gone(String member, String reason, List<String> services) throws InterruptedException {
		for (String service : services) {
			await(service, "/api/changes", "to report that " + member + " left with the reason " + reason,
					(changes) -> StreamSupport.stream(changes.spliterator(), false)
						.anyMatch((change) -> change.path("type").asString().equals("LEFT")
								&& change.path("member").asString().equals(member)
								&& change.path("reason").asString().equals(reason)));
			await(service, "/api/group", "to list no member " + member,
					(status) -> StreamSupport.stream(status.path("members").spliterator(), false)
						.noneMatch((known) -> known.path("address").asString().equals(member)));
		}
	}

	private void alone(String service) throws InterruptedException {
		await(service, "/api/group", "to report that it is in no group and knows no members",
				(status) -> !status.path("connected").asBoolean(true) && status.path("members").isEmpty()
						&& status.path("reason").isString());
	}

	private void await(String service, String path, String what, Condition condition) throws InterruptedException {
		long end = System.nanoTime() + this.limit.toNanos();
		JsonNode answer = get(service, path);
		while (answer == null || !condition.holds(answer)) {
			if (System.nanoTime() - end > 0) {
				throw new Failure("%s was expected %s within %d s, but it says: %s".formatted(service, what,
						this.limit.toSeconds(), (answer != null) ? answer : "nothing"));
			}
			Thread.sleep(100);
			answer = get(service, path);
		}
	}

	private JsonNode getOrFail(String service, String path) throws InterruptedException {
		JsonNode answer = get(service, path);
		if (answer == null) {
			throw new Failure(service + path + " gave no answer");
		}
		return answer;
	}

	private @Nullable JsonNode get(String service, String path) throws InterruptedException {
		try {
			HttpResponse<String> response = this.http.send(
					HttpRequest.newBuilder(URI.create(service + path)).timeout(Duration.ofSeconds(5)).build(),
					BodyHandlers.ofString());
			return (response.statusCode() == 200) ? this.json.readTree(response.body()) : null;
		}
		catch (IOException ex) {
			return null;
		}
	}

	private CompletableFuture<HttpResponse<String>> post(String service, String text) {
		return this.http.sendAsync(HttpRequest.newBuilder(URI.create(service + "/api/messages"))
			.timeout(this.limit)
			.header("Content-Type", "application/json")
			.POST(BodyPublishers.ofString(this.json.createObjectNode().put("text", text).toString()))
			.build(), BodyHandlers.ofString());
	}

	@FunctionalInterface
	private interface Condition {

		boolean holds(JsonNode answer);

	}

	private static final class Failure extends RuntimeException {

		private static final long serialVersionUID = 1L;

		Failure(String message) {
			super(message);
		}

	}

}
