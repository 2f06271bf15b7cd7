package dev.cpg.boot.autoconfigure;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.cpg.fixture.ServiceNode;
import dev.cpg.spring.CpgOperations;
import dev.cpg.spring.event.CpgConnectedEvent;
import dev.cpg.spring.event.CpgDeliverEvent;
import dev.cpg.spring.event.CpgEvent;
import dev.cpg.test.TestMember;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.event.EventListener;
import org.springframework.core.annotation.Order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/**
 * Listeners of the contexts above and below the membership's, which know nothing of this
 * starter.
 */
@Timeout(60)
@ExtendWith(OutputCaptureExtension.class)
class CpgContextHierarchyTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(CpgAutoConfiguration.class))
		.withBean(ServiceNode.class)
		.withPropertyValues("cpg.group=orders");

	@Test
	void aListenerOfAPlainParentThatThrowsKeepsNoOtherOfItFromTheEvent(CapturedOutput output) {
		try (AnnotationConfigApplicationContext grandparent = plain(null);
				AnnotationConfigApplicationContext parent = plain(grandparent)) {
			this.runner.withParent(parent).run((context) -> {
				context.getBean(ServiceNode.class).join("orders").send("one").join();
				awaitHeard(parent, "connected", "delivered");
				awaitHeard(grandparent, "connected", "delivered");
			});
			assertThat(output).contains("Throwing.on(").contains("A listener's mistake");
		}
	}

	@Test
	void whatItThrowsOnAnotherEventIsThrownToWhoPublishesItAsBefore() {
		try (AnnotationConfigApplicationContext parent = plain(null)) {
			this.runner.withParent(parent)
				.run((context) -> assertThatIllegalStateException().isThrownBy(() -> context.publishEvent("another"))
					.withMessage("A listener's mistake"));
			assertThat(parent.getBean(Last.class).heard).doesNotContain("another");
		}
	}

	@Test
	void listenersOfAChildGetEachEventOnceWhateverOneOfThemThrows(CapturedOutput output) {
		this.runner.withBean(Last.class).run((context) -> {
			TestMember other = context.getBean(ServiceNode.class).join("orders");
			try (AnnotationConfigApplicationContext sibling = plain(context)) {
				try (AnnotationConfigApplicationContext child = plain(context);
						AnnotationConfigApplicationContext grandchild = plain(child)) {
					other.send("one").join();
					other.send("one").join();
					for (ApplicationContext each : List.of(child, sibling, grandchild)) {
						awaitHeard(each, "delivered", "delivered");
					}
					awaitHeard(context, "connected", "delivered", "delivered");
					assertThat(output).contains("Throwing.on(").contains("A listener's mistake");
				}
				other.send("one").join();
				awaitHeard(sibling, "delivered", "delivered", "delivered");
			}
			other.send("one").join();
			awaitHeard(context, "connected", "delivered", "delivered", "delivered", "delivered");
		});
	}

	@Test
	void aChildOfTheSameMembershipGetsItToo() {
		this.runner.run((parent) -> this.runner.withParent(parent).withBean(Last.class).run((child) -> {
			assertThat(child.getBean(CpgOperations.class)).isSameAs(parent.getBean(CpgOperations.class));
			parent.getBean(ServiceNode.class).join("orders").send("one").join();
			awaitHeard(child, "delivered");
		}));
	}

	private static AnnotationConfigApplicationContext plain(@Nullable ApplicationContext parent) {
		AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
		if (parent != null) {
			context.setParent(parent);
		}
		context.register(Throwing.class, Last.class);
		context.refresh();
		return context;
	}

	private static void awaitHeard(ApplicationContext context, String... heard) {
		await().untilAsserted(() -> assertThat(context.getBean(Last.class).heard).containsExactly(heard));
	}

	static final class Throwing {

		@EventListener({ CpgEvent.class, String.class })
		@Order(-100)
		@SuppressWarnings("DoNotCallSuggester")
		void on(Object event) {
			throw new IllegalStateException("A listener's mistake");
		}

	}

	static final class Last {

		private final List<String> heard = new CopyOnWriteArrayList<>();

		@EventListener
		void on(CpgConnectedEvent event) {
			this.heard.add("connected");
		}

		@EventListener
		void on(CpgDeliverEvent<byte[]> event) {
			this.heard.add("delivered");
		}

		@EventListener
		void on(String event) {
			this.heard.add(event);
		}

	}

}
