package dev.cpg.test;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Starts a cluster for a script:
 *
 * <pre>
 * java -cp CLASSPATH dev.cpg.test.CorosyncClusterMain [--nodes N] [--token MS] [--transport knet|udpu] [--set section.name=value]
 * </pre>
 *
 * When the cluster has formed it prints {@code node.N.socket-directory=...},
 * {@code node.N.log=...} and {@code node.N.pid=...} for each node, then {@code ready}. It
 * then reads commands, one a line, and answers each with one line that begins with
 * {@code ok} or {@code error}: {@code start N}, {@code stop N}, {@code kill N},
 * {@code pause N}, {@code resume N}, {@code cut N}, {@code heal N}, {@code status N},
 * {@code restore}, {@code quit}.
 * <p>
 * The cluster ends with {@code quit}, with the end of input, and with SIGTERM, SIGINT and
 * SIGKILL. Exit status: 0; 1 if no cluster can run; 2 if the arguments are wrong. A
 * sentence on standard error says why.
 */
public final class CorosyncClusterMain {

	private final CorosyncCluster cluster;

	private final PrintStream out;

	private CorosyncClusterMain(CorosyncCluster cluster, PrintStream out) {
		this.cluster = cluster;
		this.out = out;
	}

	/**
	 * Runs until the cluster is no longer needed.
	 * @param args see the class
	 */
	public static void main(String[] args) {
		BufferedReader in = new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset()));
		System.exit(run(args, in, System.out, System.err));
	}

	static int run(String[] args, BufferedReader in, PrintStream out, PrintStream err) {
		CorosyncCluster.Builder builder;
		try {
			builder = parse(List.of(args).iterator());
		}
		catch (IllegalArgumentException ex) {
			err.println(ex.getMessage());
			return 2;
		}
		try (CorosyncCluster cluster = builder.start()) {
			// A signal ends the JVM through its shutdown hooks: with this one, the JVM
			// ends after the cluster.
			Runtime.getRuntime().addShutdownHook(new Thread(cluster::close, "corosync-cluster-close"));
			new CorosyncClusterMain(cluster, out).execute(in);
			return 0;
		}
		catch (CorosyncClusterException | IOException ex) {
			err.println(ex.getMessage());
			return 1;
		}
	}

	private static CorosyncCluster.Builder parse(Iterator<String> args) {
		CorosyncCluster.Builder builder = CorosyncCluster.builder();
		while (args.hasNext()) {
			String option = args.next();
			if (!args.hasNext()) {
				throw new IllegalArgumentException("'" + option + "' is no option, or has no value");
			}
			String value = args.next();
			switch (option) {
				case "--nodes" -> builder.nodes(number(option, value));
				case "--token" -> builder.token(Duration.ofMillis(number(option, value)));
				case "--transport" -> builder.transport(transport(value));
				case "--set" -> builder.setting(value.replaceFirst("=.*", ""), value.replaceFirst("[^=]*=?", ""));
				default -> throw new IllegalArgumentException("There is no option '" + option + "'");
			}
		}
		return builder;
	}

	private static int number(String of, String value) {
		try {
			return Integer.parseInt(value);
		}
		catch (NumberFormatException ex) {
			throw new IllegalArgumentException("'" + of + "' takes a number, not '" + value + "'", ex);
		}
	}

	private static CorosyncCluster.Transport transport(String value) {
		return Stream.of(CorosyncCluster.Transport.values())
			.filter((transport) -> transport.name().toLowerCase(Locale.ROOT).equals(value))
			.findFirst()
			.orElseThrow(() -> new IllegalArgumentException("'--transport' takes knet or udpu, not '" + value + "'"));
	}

	private void execute(BufferedReader in) throws IOException {
		for (CorosyncNode node : this.cluster.nodes()) {
			String name = "node." + node.nodeId();
			this.out.println(name + ".socket-directory=" + node.socketDirectory());
			this.out.println(name + ".log=" + node.logFile());
			this.out.println(name + ".pid=" + node.pid().map(String::valueOf).orElse(""));
		}
		answer("ready");
		for (String line = in.readLine(); line != null; line = in.readLine()) {
			String command = line.strip();
			if (command.equals("quit")) {
				answer("ok quit");
				return;
			}
			try {
				answer("ok " + command + execute(command));
			}
			catch (CorosyncClusterException | IllegalArgumentException ex) {
				answer("error " + command + ": " + String.valueOf(ex.getMessage()).replace('\n', ' '));
			}
		}
	}

	private void answer(String line) {
		this.out.println(line);
		this.out.flush();
	}

	private String execute(String command) {
		if (command.equals("restore")) {
			this.cluster.restore();
			return "";
		}
		String[] words = command.split("\\s+", -1);
		if (words.length != 2) {
			throw new IllegalArgumentException("not a command and a node's number");
		}
		CorosyncNode node = this.cluster.node(number(words[0], words[1]));
		switch (words[0]) {
			case "start" -> node.start();
			case "stop" -> node.stop();
			case "kill" -> node.kill();
			case "pause" -> node.pause();
			case "resume" -> node.resume();
			case "cut" -> node.cut();
			case "heal" -> node.heal();
			case "status" -> {
				return node.ringStatus().map(CorosyncClusterMain::text).orElse(" no answer");
			}
			default -> throw new IllegalArgumentException("no such command");
		}
		return "";
	}

	private static String text(RingStatus status) {
		return " ring=" + status.ringId() + " quorate=" + status.quorate() + " nodes="
				+ status.nodeIds().stream().map(String::valueOf).collect(Collectors.joining(","));
	}

}
