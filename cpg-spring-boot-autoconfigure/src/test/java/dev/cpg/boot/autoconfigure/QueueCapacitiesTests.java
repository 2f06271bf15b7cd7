package dev.cpg.boot.autoconfigure;

import java.util.Collections;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(OutputCaptureExtension.class)
class QueueCapacitiesTests {

	@ParameterizedTest
	@CsvSource({ "64MB, 1, 16MB", "64MB, 4, 4MB", "256MB, 1, 64MB", "8192MB, 1, 64MB", "8192MB, 61, 33MB",
			"1024MB, 61, 4MB", "2B, 5, 1B" })
	void byDefaultAllGroupsTakeAQuarterOfTheHeapAndEachAtMost64MB(DataSize heap, int groups, DataSize expected) {
		QueueCapacities capacities = new QueueCapacities(heap.toBytes(), groups);
		DataSize each = capacities.of(new CpgGroupProperties());
		assertThat(each.toBytes()).isLessThanOrEqualTo(DataSize.ofMegabytes(64).toBytes());
		assertThat(each.toBytes() * groups).isLessThanOrEqualTo(Math.max(groups, heap.toBytes() / 4));
		assertThat((each.toMegabytes() > 0) ? each.toMegabytes() : each.toBytes())
			.isEqualTo((expected.toMegabytes() > 0) ? expected.toMegabytes() : expected.toBytes());
	}

	@Test
	void whatIsSetIsTaken() {
		assertThat(new QueueCapacities(DataSize.ofMegabytes(64).toBytes(), 2).of(withCapacity(100)))
			.isEqualTo(DataSize.ofMegabytes(100));
	}

	@Test
	void moreThanAQuarterOfTheHeapIsWarnedOfWithWhatToDo(CapturedOutput output) {
		QueueCapacities capacities = new QueueCapacities(DataSize.ofMegabytes(64).toBytes(), 1);
		capacities.warnIfTooMuch(List.of(withCapacity(17)));
		assertThat(output).contains("WARN")
			.contains("Up to 17MB may wait for the listeners of the group (cpg.delivery.queue-capacity)")
			.contains("more than a quarter of the heap of 64MB");
	}

	@Test
	void theGroupsOfAServiceAreAddedUp(CapturedOutput output) {
		QueueCapacities capacities = new QueueCapacities(DataSize.ofMegabytes(1024).toBytes(), 5);
		capacities.warnIfTooMuch(Collections.nCopies(5, withCapacity(60)));
		assertThat(output).contains("Up to 300MB may wait for the listeners of all 5 groups together");
	}

	@Test
	void defaultsAndWhatFitsAreNotWarnedOf(CapturedOutput output) {
		new QueueCapacities(DataSize.ofMegabytes(64).toBytes(), 3)
			.warnIfTooMuch(Collections.nCopies(3, new CpgGroupProperties()));
		new QueueCapacities(DataSize.ofMegabytes(64).toBytes(), 1).warnIfTooMuch(List.of(withCapacity(16)));
		assertThat(output).doesNotContain("WARN");
	}

	@Test
	void aStartWarns(CapturedOutput output) {
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(CpgAutoConfiguration.class))
			.withPropertyValues("cpg.group=orders", "cpg.groups.audit.group=audit-log",
					"cpg.delivery.queue-capacity=1TB", "cpg.corosync.socket-directory=/nowhere", "cpg.join-timeout=10s")
			.run((context) -> assertThat(context).hasNotFailed());
		assertThat(output).containsOnlyOnce("may wait for the listeners of all 2 groups together");
	}

	private static CpgGroupProperties withCapacity(long megabytes) {
		CpgGroupProperties properties = new CpgGroupProperties();
		properties.getDelivery().setQueueCapacity(DataSize.ofMegabytes(megabytes));
		return properties;
	}

}
