package dev.cpg.spring;

import dev.cpg.client.CpgMessage;
import dev.cpg.spring.message.CpgMessageMapper;
import dev.cpg.spring.message.CpgMessageMapper.Problem;
import dev.cpg.spring.message.CpgMessageMapper.Reading;

/**
 * Reads received messages, and counts and logs those that cannot be converted to what
 * they were sent as.
 */
final class MessageReader {

	private final CpgMessageMapper mapper;

	private final CpgObserver observer;

	private final UnconvertedLog log = new UnconvertedLog(System::nanoTime);

	MessageReader(CpgMessageMapper mapper, CpgObserver observer) {
		this.mapper = mapper;
		this.observer = observer;
	}

	Reading read(CpgMessage message) {
		Reading reading = this.mapper.read(message.payload());
		Problem problem = reading.problem();
		if (problem != null) {
			this.observer.unconverted(message, problem);
			this.log.log(message, problem, reading);
		}
		return reading;
	}

	/** The type of an event's payload; see {@link CpgMessageMapper#typeOf}. */
	Class<?> typeOf(Reading reading) {
		return this.mapper.typeOf(reading);
	}

}
