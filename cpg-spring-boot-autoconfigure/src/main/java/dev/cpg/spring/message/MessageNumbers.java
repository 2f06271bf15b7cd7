package dev.cpg.spring.message;

import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Numbers for the messages of one sender. A message that comes back is recognized by its
 * bytes alone: a number in each distinguishes equal payloads. Each sender begins with a
 * random number, so that the numbers of others differ, too.
 */
final class MessageNumbers {

	private final AtomicLong next = new AtomicLong(ThreadLocalRandom.current().nextLong());

	/** Returns 16 hexadecimal digits. Any thread may call it. */
	String next() {
		return HexFormat.of().toHexDigits(this.next.getAndIncrement());
	}

}
