package dev.cpg.test;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;
import org.opentest4j.TestAbortedException;

/**
 * What {@link CorosyncTest} does. The cluster is kept in the store of the class or method
 * that carries the annotation, which closes it.
 */
class CorosyncExtension implements ExecutionCondition, BeforeAllCallback, BeforeEachCallback, AfterEachCallback,
		AfterAllCallback, ParameterResolver {

	private static final Namespace NAMESPACE = Namespace.create(CorosyncExtension.class);

	private final Supplier<Optional<String>> unavailableReason;

	private final boolean required;

	CorosyncExtension() {
		this(CorosyncCluster::unavailableReason, Boolean.parseBoolean(System.getenv("CPG_REQUIRE_COROSYNC")));
	}

	CorosyncExtension(Supplier<Optional<String>> unavailableReason, boolean required) {
		this.unavailableReason = unavailableReason;
		this.required = required;
	}

	@Override
	public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
		if (this.required || annotation(context).isEmpty()) {
			return ConditionEvaluationResult.enabled("Not for this condition to decide");
		}
		return this.unavailableReason.get()
			.map(ConditionEvaluationResult::disabled)
			.orElseGet(() -> ConditionEvaluationResult.enabled("A Corosync cluster can be had"));
	}

	@Override
	public void beforeAll(ExtensionContext context) {
		startIfAnnotated(context);
	}

	@Override
	public void beforeEach(ExtensionContext context) {
		if (!startIfAnnotated(context)) {
			cluster(context).restore();
		}
		store(context).put(Marks.class, Marks.of(cluster(context)));
	}

	@Override
	public void afterEach(ExtensionContext context) {
		printLogsOfFailure(context);
	}

	@Override
	public void afterAll(ExtensionContext context) {
		printLogsOfFailure(context);
	}

	@Override
	public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
		return parameter.getParameter().getType() == CorosyncCluster.class;
	}

	@Override
	public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
		return cluster(context);
	}

	private boolean startIfAnnotated(ExtensionContext context) {
		Optional<CorosyncTest> annotation = annotation(context);
		annotation.ifPresent((test) -> store(context).put(CorosyncCluster.class, start(test)));
		return annotation.isPresent();
	}

	private CorosyncCluster start(CorosyncTest test) {
		this.unavailableReason.get().ifPresent((reason) -> {
			throw new CorosyncClusterException(reason + " CPG_REQUIRE_COROSYNC=true asks for one.");
		});
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

	private static CorosyncCluster cluster(ExtensionContext context) {
		CorosyncCluster cluster = find(context);
		if (cluster == null) {
			throw new ParameterResolutionException(
					"There is no cluster yet: with @CorosyncTest on a method, only that method can have it");
		}
		return cluster;
	}

	private static @Nullable CorosyncCluster find(ExtensionContext context) {
		return store(context).get(CorosyncCluster.class, CorosyncCluster.class);
	}

	private static void printLogsOfFailure(ExtensionContext context) {
		CorosyncCluster cluster = find(context);
		Throwable failure = context.getExecutionException().orElse(null);
		if (cluster == null || failure == null || failure instanceof TestAbortedException) {
			return;
		}
		Marks marks = store(context).getOrDefault(Marks.class, Marks.class, Marks.NONE);
		System.err
			.println(context.getDisplayName() + " failed. Meanwhile the daemons logged:\n" + marks.since(cluster));
	}

	/**
	 * How much each node had logged at some time.
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
				// There is none any more when the test has closed the cluster.
				String log = node.log();
				text.append("--- ").append(node).append('\n').append(log.substring(Math.min(from, log.length())));
			}
			return text.toString();
		}

	}

}
