package dev.cpg.demo.cluster;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

import dev.cpg.client.CpgAddress;
import dev.cpg.demo.Delivered;
import dev.cpg.demo.cluster.Timeline.ClusterStatus;
import dev.cpg.embedded.EmbeddedNode;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * The cluster inside the JVM over HTTP. What changes it has a body of JSON, possibly
 * empty, because pages of other sites cannot post that.
 */
@RestController
@RequestMapping("/api/cluster")
@ConditionalOnEmbeddedMode
class ClusterController {

	static final int MAX_TEXT = 200;

	private final Nodes nodes;

	private final Members members;

	private final Timeline timeline;

	ClusterController(Nodes nodes, Members members, Timeline timeline) {
		this.nodes = nodes;
		this.members = members;
		this.timeline = timeline;
	}

	@GetMapping
	ClusterStatus status() {
		return this.timeline.status();
	}

	@GetMapping("/notices")
	List<Notice> notices() {
		return this.timeline.notices();
	}

	@GetMapping("/events")
	SseEmitter events() {
		SseEmitter emitter = new SseEmitter(0L);
		this.timeline.follow(emitter);
		return emitter;
	}

	@PostMapping(path = "/sides", consumes = MediaType.APPLICATION_JSON_VALUE)
	ClusterStatus split(@RequestBody List<Set<Integer>> sides) {
		this.nodes.split(sides);
		return changed();
	}

	@PostMapping(path = "/heal", consumes = MediaType.APPLICATION_JSON_VALUE)
	ClusterStatus heal() {
		this.nodes.split(List.of());
		return changed();
	}

	@PostMapping(path = "/reset", consumes = MediaType.APPLICATION_JSON_VALUE)
	ClusterStatus reset() throws InterruptedException {
		this.members.reset();
		return changed();
	}

	@PostMapping(path = "/clear", consumes = MediaType.APPLICATION_JSON_VALUE)
	ClusterStatus clear() {
		this.members.clear();
		return changed();
	}

	@PostMapping(path = "/hand-over", consumes = MediaType.APPLICATION_JSON_VALUE)
	ClusterStatus handOver() {
		this.members.handOver();
		return changed();
	}

	@PostMapping(path = "/nodes/{node}/start", consumes = MediaType.APPLICATION_JSON_VALUE)
	ClusterStatus start(@PathVariable long node) {
		return change(node, EmbeddedNode::start);
	}

	@PostMapping(path = "/nodes/{node}/stop", consumes = MediaType.APPLICATION_JSON_VALUE)
	ClusterStatus stop(@PathVariable long node) {
		return change(node, EmbeddedNode::stop);
	}

	@PostMapping(path = "/nodes/{node}/kill", consumes = MediaType.APPLICATION_JSON_VALUE)
	ClusterStatus kill(@PathVariable long node) {
		return change(node, EmbeddedNode::kill);
	}

	@PostMapping(path = "/nodes/{node}/pause", consumes = MediaType.APPLICATION_JSON_VALUE)
	ClusterStatus pause(@PathVariable long node) {
		return change(node, EmbeddedNode::pause);
	}

	@PostMapping(path = "/nodes/{node}/resume", consumes = MediaType.APPLICATION_JSON_VALUE)
	ClusterStatus resume(@PathVariable long node) {
		return change(node, EmbeddedNode::resume);
	}

	@PostMapping(path = "/nodes/{node}/members", consumes = MediaType.APPLICATION_JSON_VALUE)
	Lane.Status add(@PathVariable long node) {
		return this.members.add(node).lane().status();
	}

	@PostMapping(path = "/members/{node}/{pid}/leave", consumes = MediaType.APPLICATION_JSON_VALUE)
	ClusterStatus leave(@PathVariable long node, @PathVariable long pid) {
		this.members.leave(address(node, pid));
		return changed();
	}

	@PostMapping(path = "/members/{node}/{pid}/kill", consumes = MediaType.APPLICATION_JSON_VALUE)
	ClusterStatus killMember(@PathVariable long node, @PathVariable long pid) {
		this.members.kill(address(node, pid));
		return changed();
	}

	@PostMapping(path = "/members/{node}/{pid}/drop-next", consumes = MediaType.APPLICATION_JSON_VALUE)
	ClusterStatus dropNext(@PathVariable long node, @PathVariable long pid) {
		this.members.dropNext(address(node, pid));
		return changed();
	}

	@PostMapping(path = "/members/{node}/{pid}/messages", consumes = MediaType.APPLICATION_JSON_VALUE)
	CompletableFuture<Delivered> send(@PathVariable long node, @PathVariable long pid,
			@RequestBody NewMessage message) {
		String text = message.text();
		if (text == null || text.isEmpty()) {
			throw new ResponseStatusException(HttpStatus.BAD_REQUEST, "The text is missing");
		}
		if (text.length() > MAX_TEXT) {
			throw new ResponseStatusException(HttpStatus.CONTENT_TOO_LARGE,
					"The text has more than %d characters".formatted(MAX_TEXT));
		}
		return this.members.send(address(node, pid), text).thenApply(Delivered::in);
	}

	private CpgAddress address(long node, long pid) {
		if (!CpgAddress.isMemberId(pid)) {
			throw new ResponseStatusException(HttpStatus.NOT_FOUND, "There is no member %d/%d".formatted(node, pid));
		}
		return new CpgAddress(this.nodes.get(node).nodeId(), pid);
	}

	private ClusterStatus change(long node, Consumer<EmbeddedNode> action) {
		action.accept(this.nodes.get(node));
		return changed();
	}

	private ClusterStatus changed() {
		this.timeline.sendStatus();
		return this.timeline.status();
	}

	record NewMessage(@Nullable String text) {
	}

}
