package dev.cpg.test;

import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;

import dev.cpg.test.CorosyncCluster.Transport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.DynamicTestInvocationContext;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.parallel.ResourceLocksProvider;
import org.junit.platform.commons.support.AnnotationSupport;
import org.opentest4j.TestAbortedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The implementation of {@link CorosyncTest}. The store of the annotated class or method
 * keeps the cluster and closes it. The first request starts it: the constructor of a
 * class that has one instance for all tests runs before its {@code beforeAll}.
 */
class CorosyncExtension implements ExecutionCondition, BeforeAllCallback, BeforeEachCallback, AfterEachCallback,
		AfterAllCallback, InvocationInterceptor, ParameterResolver {

	private static final Logger log = LoggerFactory.getLogger(CorosyncExtension.class);

	private static final Namespace NAMESPACE = Namespace.create(CorosyncExtension.class);

	/** The console of a build does not show why tests were skipped. */
	private static final AtomicBoolean saidWhy = new AtomicBoolean();

	private final Supplier<Optional<String>> unavailableReason;

	private final Function<Transport, Optional<String>> missingReason;

	private final boolean required;

	CorosyncExtension() {
		this(CorosyncCluster::unavailableReason, CorosyncCluster::missingReason,
				Boolean.parseBoolean(System.getenv("CPG_REQUIRE_COROSYNC")));
	}

	CorosyncExtension(Supplier<Optional<String>> unavailableReason, Function<Transport, Optional<String>> missingReason,
			boolean required) {
		this.unavailableReason = unavailableReason;
		this.missingReason = missingReason;
		this.required = required;
	}

	@Override
	public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
		Optional<CorosyncTest> test = annotation(context);
		if (test.isEmpty()) {
			return ConditionEvaluationResult.enabled("This condition does not apply here");
		}
		Optional<String> reason = this.required ? Optional.empty() : this.unavailableReason.get();
		if (reason.isEmpty()) {
			reason = this.missingReason.apply(test.get().transport());
		}
		if (reason.isPresent() && !saidWhy.getAndSet(true)) {
			log.warn("Tests are skipped. {}", reason.get());
		}
		return reason.map(ConditionEvaluationResult::disabled)
			.orElseGet(() -> ConditionEvaluationResult.enabled("A Corosync cluster can run here"));
	}

	@Override
	public void beforeAll(ExtensionContext context) {
		if (annotation(context).isPresent()) {
			cluster(context);
		}
	}

	@Override
	public void beforeEach(ExtensionContext context) {
		CorosyncCluster cluster = cluster(context);
		if (annotation(context).isEmpty()) {
			cluster.restore();
		}
		store(context).put(Marks.class, Marks.of(cluster));
	}

	/** JUnit does not report the result of a dynamic test to the test that made it. */
	@Override
	public void interceptDynamicTest(Invocation<@Nullable Void> invocation, DynamicTestInvocationContext test,
			ExtensionContext context) throws Throwable {
		try {
			invocation.proceed();
		}
		catch (Throwable ex) {
			printLogs(context, ex);
			throw ex;
		}
	}

	@Override
	public void afterEach(ExtensionContext context) {
		context.getExecutionException().ifPresent((failure) -> printLogs(context, failure));
	}

	@Override
	public void afterAll(ExtensionContext context) {
		context.getExecutionException().ifPresent((failure) -> printLogs(context, failure));
	}

	@Override
	public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
		return parameter.getParameter().getType() == CorosyncCluster.class;
	}

	@Override
	public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
		return cluster(context);
	}

	private static CorosyncCluster start(CorosyncTest test) {
		CorosyncCluster.Builder builder = CorosyncCluster.builder()
			.nodes(test.nodes())
			.token(Duration.ofMillis(test.token()))
			.transport(test.transport());
		for (String setting : test.settings()) {
			String[] nameAndValue = setting.split("=", 2);
			if (nameAndValue.length != 2) {
				throw new IllegalArgumentException("A setting is written 'section.name=value', not '" + setting + "'");
			}
			builder.setting(nameAndValue[0], nameAndValue[1]);
		}
		return builder.start();
	}

	private static Optional<CorosyncTest> annotation(ExtensionContext context) {
		return AnnotationSupport.findAnnotation(context.getElement(), CorosyncTest.class);
	}

	private static Store store(ExtensionContext context) {
		return context.getStore(NAMESPACE);
	}

	/** Returns the context of the class or method that the cluster belongs to. */
	private static Optional<ExtensionContext> owner(ExtensionContext context) {
		return annotation(context).isPresent() ? Optional.of(context)
				: context.getParent().flatMap(CorosyncExtension::owner);
	}

	/** A store also finds the values of its parents, so the key contains the owner. */
	private CorosyncCluster cluster(ExtensionContext context) {
		ExtensionContext owner = owner(context).orElseThrow(() -> new ParameterResolutionException(
				"There is no cluster here: with @CorosyncTest on a method, only that method can have it"));
		this.unavailableReason.get().ifPresent((reason) -> {
			throw new CorosyncClusterException(reason + " CPG_REQUIRE_COROSYNC=true asks for one.");
		});
		return store(owner).computeIfAbsent(owner.getUniqueId(), (id) -> start(annotation(owner).orElseThrow()),
				CorosyncCluster.class);
	}

	private static void printLogs(ExtensionContext context, Throwable failure) {
		CorosyncCluster cluster = owner(context)
			.map((owner) -> store(owner).get(owner.getUniqueId(), CorosyncCluster.class))
			.orElse(null);
		if (cluster == null || failure instanceof TestAbortedException) {
			return;
		}
		Marks marks = store(context).getOrDefault(Marks.class, Marks.class, Marks.NONE);
		System.err
			.println(context.getDisplayName() + " failed. Meanwhile the daemons logged:\n" + marks.since(cluster));
	}

	/**
	 * The length of each node's log at some time.
	 */
	private record Marks(Map<Integer, Integer> lengths) {

		private static final Marks NONE = new Marks(Map.of());

		static Marks of(CorosyncCluster cluster) {
			Map<Integer, Integer> lengths = new HashMap<>();
			cluster.nodes().forEach((node) -> lengths.put(node.nodeId(), node.log().length()));
			return new Marks(lengths);
		}

		String since(CorosyncCluster cluster) {
			StringBuilder text = new StringBuilder();
			for (CorosyncNode node : cluster.nodes()) {
				int from = this.lengths.getOrDefault(node.nodeId(), 0);
				// There is no log any more if the test has closed the cluster.
				String log = node.log();
				text.append("--- ").append(node).append('\n').append(log.substring(Math.min(from, log.length())));
			}
			return text.toString();
		}

	}

	/**
	 * Makes tests that share a cluster run one after the other, so that each finds it
	 * restored.
	 */
	static final class OneAtATime implements ResourceLocksProvider {

		@Override
		public Set<Lock> provideForNestedClass(List<Class<?>> enclosing, Class<?> test) {
			return lock(enclosing, test);
		}

		@Override
		public Set<Lock> provideForMethod(List<Class<?>> enclosing, Class<?> test, Method method) {
			return AnnotationSupport.isAnnotated(method, CorosyncTest.class) ? Set.of() : lock(enclosing, test);
		}

		/** Returns the lock of the innermost class that has a cluster. */
		private static Set<Lock> lock(List<Class<?>> enclosing, Class<?> test) {
			List<Class<?>> classes = new ArrayList<>(enclosing);
			classes.add(test);
			return classes.stream()
				.filter((type) -> AnnotationSupport.isAnnotated(type, CorosyncTest.class))
				.reduce((outer, inner) -> inner)
				.map((owner) -> Set.of(new Lock("cluster of " + owner.getName())))
				.orElse(Set.of());
		}

	}

}
