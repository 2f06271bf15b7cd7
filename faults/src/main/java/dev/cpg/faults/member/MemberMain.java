package dev.cpg.faults.member;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * The main class of a member's process. Commands come by the standard input, one a line,
 * each with a number first, and each is answered by a line that begins with the number.
 * The process ends with its input.
 */
public final class MemberMain {

	private static final int FAILED = 70;

	private final Member member;

	private final PrintStream out;

	private MemberMain(String[] args) throws IOException {
		this.out = System.out;
		this.member = new Member(Places.parse(args), (address) -> say("member " + Recorder.address(address)));
	}

	/**
	 * Runs a member.
	 * @param args as {@link Places#arguments()} makes them
	 */
	public static void main(String[] args) {
		try {
			new MemberMain(args).run();
		}
		catch (Throwable ex) {
			ex.printStackTrace();
			Runtime.getRuntime().halt(FAILED);
		}
		Runtime.getRuntime().halt(0);
	}

	private void run() throws IOException, InterruptedException {
		this.member.start();
		BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
		for (String line = in.readLine(); line != null; line = in.readLine()) {
			String[] words = line.split(" ", -1);
			String answer = execute(words);
			say(words[0] + " " + answer);
			if (words[1].equals("end")) {
				return;
			}
		}
	}

	private String execute(String[] words) throws InterruptedException {
		switch (words[1]) {
			case "status" -> {
				return this.member.status();
			}
			case "quiet" -> {
				return Integer.toString(this.member.quiet());
			}
			case "open" -> {
				return Integer.toString(this.member.open());
			}
			case "busy" -> this.member.busy();
			case "clock" -> this.member.shiftClock(Long.parseLong(words[2]));
			case "slow" -> this.member.pauseListener(Long.parseLong(words[2]));
			case "yield" -> this.member.giveUp(words[2]);
			case "rejoin" -> this.member.rejoin();
			case "overload" -> this.member.overload(Integer.parseInt(words[2]), Integer.parseInt(words[3]));
			case "barrier" -> this.member.sendBarrier();
			case "measure" -> this.member.measure(words[2]);
			case "end" -> this.member.end();
			default -> throw new IllegalArgumentException("There is no command " + words[1]);
		}
		return "ok";
	}

	private void say(String line) {
		synchronized (this.out) {
			this.out.println(line);
			this.out.flush();
		}
	}

}
