package dev.cpg.spring;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgConfigurationChange;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgMember;
import dev.cpg.client.CpgNames;
import dev.cpg.client.CpgReason;
import dev.cpg.client.CpgView;
import dev.cpg.client.RingId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(OutputCaptureExtension.class)
class ChangeLogTests {

	private static final CpgAddress FIRST = new CpgAddress(1, 1);

	private final AtomicLong now = new AtomicLong();

	private final AtomicInteger woken = new AtomicInteger();

	private final ChangeLog log = new ChangeLog("orders", this.now::get, this.woken::incrementAndGet);

	@Test
	void fewChangesHaveALineEachAtOnce(CapturedOutput output) {
		for (int i = 0; i < 100; i++) {
			joined(i);
			this.now.addAndGet(Duration.ofSeconds(1).toNanos());
		}
		assertThat(lines(output)).hasSize(100).allMatch((line) -> line.contains("now 2 members on ring 1.2"));
		assertThat(this.woken).hasValue(0);
	}

	@Test
	void fifteenHundredJoinsAndLeavesInHalfAMinuteAreSummedUp(CapturedOutput output) {
		for (int i = 0; i < 1500; i++) {
			joined(i);
			left(i);
			this.now.addAndGet(20_000_000);
			this.log.perform();
		}
		this.now.addAndGet(ChangeLog.INTERVAL.toNanos());
		assertThat(this.log.perform()).isEqualTo(Upkeep.NOTHING_DUE);
		List<String> lines = lines(output);
		assertThat(lines).hasSizeLessThanOrEqualTo(10 + 4);
		assertThat(lines.subList(0, 10)).allMatch((line) -> line.contains("Group 'orders': joined ["));
		List<String> sums = lines.subList(10, lines.size());
		assertThat(sums).allMatch((line) -> line.contains("summed up") && line.contains("now 1 member on ring 1.2"));
		assertThat(sums.stream().mapToInt((line) -> count(line, "JOIN")).sum()).isEqualTo(1500 - 10 / 2);
		assertThat(sums.stream().mapToInt((line) -> count(line, "PROCDOWN")).sum()).isEqualTo(1500 - 10 / 2);
	}

	@Test
	void theThreadIsWokenForTheSumWhenNoChangeFollows(CapturedOutput output) {
		IntStream.range(0, ChangeLog.MAX_LINES + 3).forEach(this::joined);
		assertThat(this.woken).hasValue(1);
		assertThat(this.log.perform()).isEqualTo(ChangeLog.INTERVAL.toNanos());
		this.now.addAndGet(ChangeLog.INTERVAL.toNanos());
		assertThat(this.log.perform()).isEqualTo(Upkeep.NOTHING_DUE);
		assertThat(output).contains("summed up: joined [3 JOIN], left [], now 2 members");
	}

	@Test
	void afterAQuietIntervalEachHasItsLineAgain(CapturedOutput output) {
		IntStream.range(0, 2 * ChangeLog.MAX_LINES).forEach(this::joined);
		this.now.addAndGet(ChangeLog.INTERVAL.toNanos());
		this.log.perform();
		this.now.addAndGet(ChangeLog.INTERVAL.toNanos());
		joined(77);
		assertThat(lines(output)).last().asString().contains("joined [1/77 JOIN]");
	}

	@Test
	void atTheEndNothingIsLeftOut(CapturedOutput output) {
		IntStream.range(0, ChangeLog.MAX_LINES + 1).forEach(this::joined);
		this.log.sumUp();
		assertThat(output).contains("summed up: joined [1 JOIN], left []");
	}

	@Test
	void aListOfHundredsIsCut(CapturedOutput output) {
		List<CpgMember> members = IntStream.range(0, 384)
			.mapToObj((i) -> new CpgMember(new CpgAddress(1, i), CpgReason.JOIN))
			.toList();
		this.log.changed(change(members, List.of()), CpgNames.NONE);
		assertThat(output).contains("1/19 JOIN] and 364 more, left []");
	}

	private void joined(int pid) {
		CpgMember member = new CpgMember(new CpgAddress(1, pid), CpgReason.JOIN);
		this.log.changed(change(List.of(member), List.of()), CpgNames.NONE);
	}

	private void left(int pid) {
		CpgMember member = new CpgMember(new CpgAddress(1, pid), CpgReason.PROCDOWN);
		this.log.changed(change(List.of(), List.of(member)), CpgNames.NONE);
	}

	private static CpgConfigurationChange change(List<CpgMember> joined, List<CpgMember> left) {
		List<CpgAddress> members = left.isEmpty() ? List.of(FIRST, new CpgAddress(2, 2)) : List.of(FIRST);
		CpgView view = new CpgView(new RingId(1, 2), members);
		return new CpgConfigurationChange(CpgGroupName.of("orders"), view, left, joined);
	}

	private static List<String> lines(CapturedOutput output) {
		return output.toString().lines().filter((line) -> line.contains("Group 'orders'")).toList();
	}

	private static int count(String line, String reason) {
		String before = line.substring(0, line.indexOf(" " + reason));
		return Integer.parseInt(before.substring(before.lastIndexOf('[') + 1));
	}

}
