package dev.cpg.client.internal.log;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import ch.qos.logback.core.read.ListAppender;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.groups.Tuple.tuple;

class CpgLogTests {

	private final Logger logger = (Logger) LoggerFactory.getLogger("dev.cpg.messages");

	private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

	@BeforeEach
	void listen() {
		this.lines.start();
		this.logger.addAppender(this.lines);
	}

	@AfterEach
	void listenNoLonger() {
		this.logger.detachAppender(this.lines);
		this.logger.setLevel(null);
	}

	@Test
	void aLineStandsUnderTheStableNameWithItsKeyValues() {
		CpgLog.MESSAGES.warn().with("group", "orders").with("bytes", 5).log("{} bytes to '{}'", 5, "orders");
		assertThat(this.lines.list).singleElement().satisfies((line) -> {
			assertThat(line.getLevel()).isEqualTo(Level.WARN);
			assertThat(line.getLoggerName()).isEqualTo("dev.cpg.messages");
			assertThat(line.getFormattedMessage()).isEqualTo("5 bytes to 'orders'");
			assertThat(line.getKeyValuePairs()).extracting((pair) -> pair.key, (pair) -> pair.value)
				.containsExactly(tuple("group", "orders"), tuple("bytes", 5));
		});
	}

	@Test
	void neitherTextNorKeyValuesCanWriteALineOfTheirOwn() {
		CpgLog.MESSAGES.error().with("group", "a\u2028b").log("{}", List.of("a\u2029b\n"));
		assertThat(this.lines.list).singleElement().satisfies((line) -> {
			assertThat(line.getFormattedMessage()).isEqualTo("[a?b?]");
			assertThat(line.getKeyValuePairs()).extracting((pair) -> pair.value).containsExactly("a?b");
		});
	}

	@Test
	void anAppenderThatFailsFailsNobodyElse() {
		AppenderBase<ILoggingEvent> failing = new AppenderBase<>() {

			@Override
			public synchronized void doAppend(ILoggingEvent event) {
				throw new StackOverflowError("An appender's");
			}

			@Override
			protected void append(ILoggingEvent event) {
			}

		};
		this.logger.addAppender(failing);
		try {
			assertThatCode(() -> CpgLog.MESSAGES.error().log("a line")).doesNotThrowAnyException();
		}
		finally {
			this.logger.detachAppender(failing);
		}
	}

	@Test
	void whatIsBelowTheLevelIsNotMadeAText() {
		this.logger.setLevel(Level.ERROR);
		AtomicBoolean read = new AtomicBoolean();
		CpgLog.MESSAGES.warn().log("{}", new Object() {

			@Override
			public String toString() {
				read.set(true);
				return "a text";
			}

		});
		assertThat(this.lines.list).isEmpty();
		assertThat(read).isFalse();
	}

}
