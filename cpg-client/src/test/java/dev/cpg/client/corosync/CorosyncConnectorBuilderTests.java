package dev.cpg.client.corosync;

import dev.cpg.client.CorosyncSetting;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class CorosyncConnectorBuilderTests {

	private final CorosyncConnector.Builder builder = CorosyncConnector.builder();

	@ParameterizedTest
	@ValueSource(longs = { -1, 0, 4_294_967_296L })
	void aMemberIdThatNoMemberCanHaveIsRefused(long memberId) {
		assertThatIllegalArgumentException().isThrownBy(() -> this.builder.memberId(memberId))
			.withMessage("A member id is 1 to 4294967295, but was " + memberId);
	}

	@ParameterizedTest
	@ValueSource(longs = { 1, 4_294_967_295L })
	void theLeastAndTheLargestMemberIdAreTaken(long memberId) {
		assertThat(this.builder.memberId(memberId).build()).isNotNull();
	}

	@ParameterizedTest
	@ValueSource(ints = { -1, 0, (1 << 30) + 1 })
	void aLargestMessageOutsideOfTheLimitsIsRefused(int bytes) {
		assertThatIllegalArgumentException().isThrownBy(() -> this.builder.maxMessageSize(bytes))
			.withMessageContaining("1 to 1073741824 bytes");
	}

	@ParameterizedTest
	@EnumSource
	void aSettingIsCalledLikeTheMethodThatSetsIt(CorosyncSetting setting) {
		assertThat(CorosyncConnector.Builder.class.getMethods())
			.anyMatch((method) -> method.getName().equals(setting.toString()) && method.getParameterCount() == 1);
	}

	@Test
	void aCapacityForUnfinishedMessagesHoldsOneLargestMessage() {
		this.builder.maxMessageSize(1000).reassemblyCapacity(999);
		assertThatIllegalArgumentException().isThrownBy(this.builder::build).withMessageContaining("999 bytes");
	}

}
