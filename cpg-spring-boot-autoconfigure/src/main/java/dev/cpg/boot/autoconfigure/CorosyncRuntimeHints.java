package dev.cpg.boot.autoconfigure;

import java.nio.ByteBuffer;

import org.jspecify.annotations.Nullable;

import org.springframework.aot.hint.ExecutableMode;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.aot.hint.TypeReference;

/**
 * What the client reaches by name: the way to give a connection's mappings back at once.
 * A native image without it works, and gives them back whenever it collects garbage.
 */
final class CorosyncRuntimeHints implements RuntimeHintsRegistrar {

	@Override
	public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
		hints.reflection()
			.registerType(TypeReference.of("sun.misc.Unsafe"), (type) -> type.withField("theUnsafe")
				.withMethod("invokeCleaner", TypeReference.listOf(ByteBuffer.class), ExecutableMode.INVOKE));
	}

}
