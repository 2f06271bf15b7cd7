package dev.cpg.boot.autoconfigure.settings;

import java.util.Collections;
import java.util.Map;

import dev.cpg.boot.autoconfigure.CpgGroupProperties;
import dev.cpg.boot.autoconfigure.CpgProperties;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.core.convert.ConverterNotFoundException;
import org.springframework.core.convert.TypeDescriptor;
import org.springframework.core.env.MapPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * What becomes of the failures that Spring Boot 4.0 has with empty texts. The Boot of the
 * build has none of them, so that a mock stands for its binder.
 */
class SettingsBindHandlerTests {

	private final SettingsBindHandler handler = new SettingsBindHandler(CpgProperties.class);

	@Test
	void anEmptyKeyIsAGroupThatSetsNothing() throws Exception {
		assertThat(fail("cpg.groups.alerts", "")).isInstanceOf(CpgGroupProperties.class);
	}

	@Test
	void anEmptyMapOrSectionIsAsIfItWereNotThere() throws Exception {
		assertThat(fail("cpg.groups", "")).isNull();
		assertThat(fail("cpg.messages.types", "")).isNull();
		assertThat(fail("cpg.reconnect", "")).isNull();
	}

	@Test
	void whatHasAValueFailsAsBefore() {
		assertThatExceptionOfType(ConverterNotFoundException.class).isThrownBy(() -> fail("cpg.reconnect", "often"));
		assertThatExceptionOfType(ConverterNotFoundException.class).isThrownBy(() -> fail("cpg.groups.alerts", "on"));
	}

	@Test
	void otherProjectsSettingsFailAsBefore() {
		assertThatExceptionOfType(ConverterNotFoundException.class).isThrownBy(() -> fail("server.servlet", ""));
	}

	private @Nullable Object fail(String name, String value) throws Exception {
		BindContext context = mock();
		ConfigurationPropertySource source = ConfigurationPropertySource
			.from(new MapPropertySource("test", Map.of(name, value)));
		given(context.getSources()).willReturn(Collections.singleton(source));
		return this.handler.onFailure(ConfigurationPropertyName.of(name), Bindable.of(CpgGroupProperties.class),
				context, new ConverterNotFoundException(TypeDescriptor.valueOf(String.class),
						TypeDescriptor.valueOf(CpgGroupProperties.class)));
	}

}
