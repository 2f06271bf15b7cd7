package dev.cpg.boot.autoconfigure;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.cpg.fixture.ServiceNode;
import dev.cpg.spring.CpgOperations;
import dev.cpg.spring.event.CpgDeliverEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationListener;
import org.springframework.context.PayloadApplicationEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.ResolvableType;
import org.springframework.core.ResolvableTypeProvider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Which listeners get a payload: those of its class and of all that it is, as of objects
 * that the application publishes itself.
 */
@Timeout(60)
class CpgMessageRoutingTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(CpgAutoConfiguration.class))
		.withBean(ServiceNode.class)
		.withPropertyValues("cpg.group=orders");

	@Test
	void aConstantWithABodyIsOneOfItsEnum() {
		LevelListeners listeners = new LevelListeners();
		LevelListener listener = new LevelListener();
		hear(types("level", Level.class), listeners, listener, Level.LOW, Level.HIGH);
		await().untilAsserted(() -> assertThat(listeners.heard).containsExactlyInAnyOrder("event LOW", "payload LOW",
				"payload event LOW", "event HIGH", "payload HIGH", "payload event HIGH"));
		assertThat(listener.heard).containsExactly(Level.LOW, Level.HIGH);
	}

	@Test
	void aListenerOfASupertypeGetsItsSubtypesAndOneOfASubtypeNoOther() {
		ShapeListeners listeners = new ShapeListeners();
		hear(types("circle", Circle.class, "square", Square.class), listeners, listeners, new Circle(1), new Square(2));
		await().untilAsserted(() -> assertThat(listeners.heard).containsExactlyInAnyOrder("shape Circle[radius=1]",
				"any shape Circle[radius=1]", "round Circle[radius=1]", "circle Circle[radius=1]",
				"object Circle[radius=1]", "payload shape Circle[radius=1]", "payload circle Circle[radius=1]",
				"shape Square[side=2]", "any shape Square[side=2]", "object Square[side=2]",
				"payload shape Square[side=2]"));
	}

	@Test
	void listenersGetWhatIsReadAsAnInterfaceByItAndByItsClass() {
		FigureListeners listeners = new FigureListeners();
		FigureListener listener = new FigureListener();
		hear(types("figure", Figure.class), listeners, listener, new Line(1), new Dot(2));
		await().untilAsserted(() -> assertThat(listeners.heard).containsExactlyInAnyOrder("figure Line[length=1]",
				"line Line[length=1]", "payload line Line[length=1]", "figure Dot[size=2]"));
		assertThat(listener.heard).containsExactly(new Line(1), new Dot(2));
	}

	@Test
	void aListenerInAGenericSuperclassGetsWhatItsSubclassDeclares() {
		Circles circles = new Circles();
		hear(types("circle", Circle.class, "square", Square.class), circles, circles, new Square(2), new Circle(1));
		await().untilAsserted(() -> assertThat(circles.heard).containsExactly(new Circle(1)));
	}

	@Test
	void arraysWrappersAndWhatDescribesItsTypeOtherwiseAreDelivered() {
		OddListeners listeners = new OddListeners();
		hear(types("circles", Circle[].class, "count", Integer.class, "posing", Posing.class), listeners, listeners,
				new Circle[] { new Circle(1) }, 7, new Posing(3));
		await().untilAsserted(() -> assertThat(listeners.heard).containsExactlyInAnyOrder("event [Circle[radius=1]]",
				"shapes [Circle[radius=1]]", "payload [Circle[radius=1]]", "event 7", "number 7", "payload 7",
				"event Posing[id=3]", "payload Posing[id=3]"));
	}

	private void hear(String[] types, Object listeners, Object listener, Object... payloads) {
		ApplicationContextRunner listening = this.runner.withPropertyValues(types)
			.withInitializer((context) -> context.getBeanFactory().registerSingleton("listeners", listeners));
		if (listener != listeners) {
			listening = listening
				.withInitializer((context) -> context.addApplicationListener((ApplicationListener<?>) listener));
		}
		listening.run((context) -> {
			for (Object payload : payloads) {
				assertThat(context.getBean(CpgOperations.class).convertAndMulticast(payload, Map.of()))
					.isNotCompletedExceptionally();
			}
			// The context's end waits until the listeners have heard of everything.
		});
	}

	private static String[] types(Object... namesAndTypes) {
		String[] properties = new String[namesAndTypes.length / 2];
		for (int i = 0; i < properties.length; i++) {
			properties[i] = "cpg.messages.types.%s=%s".formatted(namesAndTypes[2 * i],
					((Class<?>) namesAndTypes[2 * i + 1]).getName());
		}
		return properties;
	}

	enum Level {

		LOW, HIGH {
			@Override
			boolean urgent() {
				return true;
			}
		};

		boolean urgent() {
			return false;
		}

	}

	interface Round {

	}

	sealed interface Shape permits Circle, Square {

	}

	record Circle(int radius) implements Shape, Round {
	}

	record Square(int side) implements Shape {
	}

	@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME)
	sealed interface Figure permits Line, Dot {

	}

	record Line(int length) implements Figure {
	}

	record Dot(int size) implements Figure {
	}

	record Posing(int id) implements ResolvableTypeProvider {

		@Override
		@JsonIgnore
		public ResolvableType getResolvableType() {
			return ResolvableType.forClass(String.class);
		}

	}

	static final class LevelListeners {

		private final List<String> heard = new CopyOnWriteArrayList<>();

		@EventListener
		void on(CpgDeliverEvent<Level> event) {
			this.heard.add("event " + event.getPayload());
		}

		@EventListener
		void on(Level level) {
			this.heard.add("payload " + level);
		}

		@EventListener
		void on(PayloadApplicationEvent<Level> event) {
			this.heard.add("payload event " + event.getPayload());
		}

	}

	static final class LevelListener implements ApplicationListener<CpgDeliverEvent<Level>> {

		private final List<Level> heard = new CopyOnWriteArrayList<>();

		@Override
		public void onApplicationEvent(CpgDeliverEvent<Level> event) {
			this.heard.add(event.getPayload());
		}

	}

	static final class ShapeListeners {

		private final List<String> heard = new CopyOnWriteArrayList<>();

		@EventListener
		void shape(CpgDeliverEvent<Shape> event) {
			this.heard.add("shape " + event.getPayload());
		}

		@EventListener
		void anyShape(CpgDeliverEvent<? extends Shape> event) {
			this.heard.add("any shape " + event.getPayload());
		}

		@EventListener
		void round(CpgDeliverEvent<Round> event) {
			this.heard.add("round " + event.getPayload());
		}

		@EventListener
		void circle(CpgDeliverEvent<Circle> event) {
			this.heard.add("circle " + event.getPayload());
		}

		@EventListener
		void object(CpgDeliverEvent<Object> event) {
			this.heard.add("object " + event.getPayload());
		}

		@EventListener
		void text(CpgDeliverEvent<String> event) {
			this.heard.add("text " + event.getPayload());
		}

		@EventListener
		void payload(Shape shape) {
			this.heard.add("payload shape " + shape);
		}

		@EventListener
		void payload(Circle circle) {
			this.heard.add("payload circle " + circle);
		}

	}

	static final class FigureListeners {

		private final List<String> heard = new CopyOnWriteArrayList<>();

		@EventListener
		void figure(CpgDeliverEvent<Figure> event) {
			this.heard.add("figure " + event.getPayload());
		}

		@EventListener
		void line(CpgDeliverEvent<Line> event) {
			this.heard.add("line " + event.getPayload());
		}

		@EventListener
		void payload(Line line) {
			this.heard.add("payload line " + line);
		}

		@EventListener
		void circle(CpgDeliverEvent<Circle> event) {
			this.heard.add("circle " + event.getPayload());
		}

	}

	static final class FigureListener implements ApplicationListener<CpgDeliverEvent<Figure>> {

		private final List<Figure> heard = new CopyOnWriteArrayList<>();

		@Override
		public void onApplicationEvent(CpgDeliverEvent<Figure> event) {
			this.heard.add(event.getPayload());
		}

	}

	abstract static class Collecting<T> {

		final List<T> heard = new CopyOnWriteArrayList<>();

		@EventListener
		void on(CpgDeliverEvent<T> event) {
			this.heard.add(event.getPayload());
		}

	}

	static final class Circles extends Collecting<Circle> {

	}

	static final class OddListeners {

		private final List<String> heard = new CopyOnWriteArrayList<>();

		@EventListener
		void circles(CpgDeliverEvent<Circle[]> event) {
			this.heard.add("event " + Arrays.toString(event.getPayload()));
		}

		@EventListener
		void shapes(CpgDeliverEvent<Shape[]> event) {
			this.heard.add("shapes " + Arrays.toString(event.getPayload()));
		}

		@EventListener
		void circles(Circle[] circles) {
			this.heard.add("payload " + Arrays.toString(circles));
		}

		@EventListener
		void count(CpgDeliverEvent<Integer> event) {
			this.heard.add("event " + event.getPayload());
		}

		@EventListener
		void number(CpgDeliverEvent<Number> event) {
			this.heard.add("number " + event.getPayload());
		}

		@EventListener
		void count(Integer count) {
			this.heard.add("payload " + count);
		}

		@EventListener
		void posing(CpgDeliverEvent<Posing> event) {
			this.heard.add("event " + event.getPayload());
		}

		@EventListener
		void posing(Posing posing) {
			this.heard.add("payload " + posing);
		}

	}

}
