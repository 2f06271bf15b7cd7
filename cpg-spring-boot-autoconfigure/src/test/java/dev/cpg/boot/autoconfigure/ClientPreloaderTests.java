package dev.cpg.boot.autoconfigure;

import dev.cpg.client.corosync.CorosyncConnector;
import org.junit.jupiter.api.Test;

import org.springframework.boot.SpringApplication;
import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

class ClientPreloaderTests {

	@Test
	void everyApplicationHasIt() {
		assertThat(new SpringApplication(Object.class).getListeners())
			.hasAtLeastOneElementOfType(ClientPreloader.class);
	}

	@Test
	void aServiceThatJoinsNothingLoadsNothing() {
		assertThat(ClientPreloader.isUseful(new MockEnvironment(), 2)).isTrue();
		assertThat(ClientPreloader.isUseful(new MockEnvironment().withProperty("cpg.enabled", "false"), 2)).isFalse();
		assertThat(ClientPreloader.isUseful(new MockEnvironment(), 1)).as("with nothing to do it on meanwhile")
			.isFalse();
	}

	@Test
	void loadingMayBeRepeated() {
		assertThatNoException().isThrownBy(() -> {
			CorosyncConnector.preload();
			CorosyncConnector.preload();
		});
	}

}
