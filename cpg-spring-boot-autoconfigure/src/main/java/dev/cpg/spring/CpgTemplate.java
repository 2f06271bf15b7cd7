package dev.cpg.spring;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import dev.cpg.client.CpgView;

/**
 * Sends to the group that a {@link CpgMembership} keeps this service in.
 */
public class CpgTemplate implements CpgOperations {

	private final CpgMembership membership;

	/**
	 * Creates a template.
	 * @param membership the membership whose connection it sends on
	 */
	public CpgTemplate(CpgMembership membership) {
		this.membership = membership;
	}

	@Override
	public CompletableFuture<CpgView> multicast(byte[] message) {
		return this.membership.multicast(message);
	}

	@Override
	public CompletableFuture<CpgView> multicast(String message) {
		return multicast(message.getBytes(StandardCharsets.UTF_8));
	}

	@Override
	public CompletableFuture<CpgView> convertAndMulticast(Object payload, Map<String, Object> headers) {
		return this.membership.convertAndMulticast(payload, headers);
	}

}
