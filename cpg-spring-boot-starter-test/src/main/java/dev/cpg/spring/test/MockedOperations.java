package dev.cpg.spring.test;

import java.util.List;
import java.util.concurrent.CompletableFuture;

import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgView;
import dev.cpg.client.RingId;
import dev.cpg.spring.CpgOperations;
import org.mockito.ArgumentMatchers;
import org.mockito.Mockito;
import org.mockito.stubbing.Stubber;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * Has sends of a mock succeed that the test gives no instructions for: the message was
 * delivered to one member, this service. The future of a mock itself is completed with
 * {@code null}, and code that asks for the members would end with a NullPointerException.
 */
final class MockedOperations {

	private static final CpgView ALONE = new CpgView(new RingId(1, 4), List.of(new CpgAddress(1, 1)));

	private MockedOperations() {
	}

	/** Instructs those mocks among the beans that have no instructions. */
	static void instruct(ConfigurableListableBeanFactory beans) {
		for (String name : beans.getBeanNamesForType(CpgOperations.class, true, false)) {
			// Mocks are registered as singletons; no other bean is created for this.
			if (beans.getSingleton(name) instanceof CpgOperations operations && isNewMock(operations)) {
				instruct(operations);
			}
		}
	}

	private static boolean isNewMock(CpgOperations operations) {
		return Mockito.mockingDetails(operations).isMock() && !Mockito.mockingDetails(operations).isSpy()
				&& Mockito.mockingDetails(operations).getStubbings().isEmpty();
	}

	private static void instruct(CpgOperations mock) {
		delivered().when(mock).multicast(ArgumentMatchers.<byte[]>any());
		delivered().when(mock).multicast(ArgumentMatchers.<String>any());
		delivered().when(mock).convertAndMulticast(ArgumentMatchers.any());
		delivered().when(mock).convertAndMulticast(ArgumentMatchers.any(), ArgumentMatchers.any());
	}

	private static Stubber delivered() {
		return Mockito.lenient().doAnswer((call) -> CompletableFuture.completedFuture(ALONE));
	}

}
