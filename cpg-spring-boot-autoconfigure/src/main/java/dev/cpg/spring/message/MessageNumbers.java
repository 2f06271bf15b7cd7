package dev.cpg.spring.message;

import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Numbers for the messages of one sender. A message that comes back is known by its bytes
 * alone: with a number in each, equal payloads are told apart. Each sender begins
 * anywhere, so that others' numbers are different, too.
 */
final class MessageNumbers {

	private final AtomicLong next = new AtomicLong(ThreadLocalRandom.current().nextLong());

	/** Returns 16 hexadecimal digits. Any thread may call it. */
	String next() {
		return HexFormat.of().toHexDigits(this.next.getAndIncrement());
	}

}
