package dev.cpg.spring.observation;

import io.micrometer.common.docs.KeyName;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;
import io.micrometer.observation.docs.ObservationDocumentation;

/**
 * What is observed. Names and tags follow OpenTelemetry's conventions for messaging
 * systems.
 */
public enum CpgObservation implements ObservationDocumentation {

	/** A message is sent: from the call to the outcome. */
	SEND {

		@Override
		public Class<? extends ObservationConvention<? extends Observation.Context>> getDefaultConvention() {
			return DefaultCpgSendObservationConvention.class;
		}

		@Override
		public KeyName[] getHighCardinalityKeyNames() {
			return new KeyName[] { HighCardinality.BODY_SIZE };
		}

	},

	/** A message is delivered: while the listeners are called. */
	DELIVER {

		@Override
		public Class<? extends ObservationConvention<? extends Observation.Context>> getDefaultConvention() {
			return DefaultCpgDeliverObservationConvention.class;
		}

		@Override
		public KeyName[] getHighCardinalityKeyNames() {
			return HighCardinality.values();
		}

	};

	@Override
	public KeyName[] getLowCardinalityKeyNames() {
		return LowCardinality.values();
	}

	/**
	 * Tags of few values.
	 */
	public enum LowCardinality implements KeyName {

		/** Always {@code corosync}. */
		SYSTEM {

			@Override
			public String asString() {
				return "messaging.system";
			}

		},

		/** {@code send} or {@code process}. */
		OPERATION {

			@Override
			public String asString() {
				return "messaging.operation.name";
			}

		},

		/** The group's name. */
		DESTINATION {

			@Override
			public String asString() {
				return "messaging.destination.name";
			}

		}

	}

	/**
	 * Tags of any number of values, which go to traces and not to meters.
	 */
	public enum HighCardinality implements KeyName {

		/** The message's size in bytes. */
		BODY_SIZE {

			@Override
			public String asString() {
				return "messaging.message.body.size";
			}

		},

		/** Who sent the message, as node id and member id. */
		SENDER {

			@Override
			public String asString() {
				return "cpg.sender";
			}

		},

		/** The name of the payload's type, empty for raw bytes. */
		TYPE {

			@Override
			public String asString() {
				return "cpg.message.type";
			}

		}

	}

}
