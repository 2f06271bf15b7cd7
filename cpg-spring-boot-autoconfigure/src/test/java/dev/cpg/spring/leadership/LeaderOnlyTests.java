package dev.cpg.spring.leadership;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.MDC;
import reactor.core.publisher.Mono;

import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.AliasFor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class LeaderOnlyTests {

	private final GrantedLeadership billing = new GrantedLeadership("billing");

	@ParameterizedTest
	@ValueSource(classes = { OnMethod.class, OnClass.class, OnSuperclass.class, OnInterface.class,
			OnMethodOfInterface.class, Composed.class })
	void runsWhereThisServiceLeads(Class<? extends Job> type) {
		run(type, (job) -> {
			assertThat(job.work()).isNull();
			this.billing.granted(5);
			assertThat(job.work()).isEqualTo("worked under 5, as the log says: 5");
			this.billing.revoke();
			assertThat(job.work()).isNull();
		});
	}

	@Test
	void theAnnotationOfAMethodReplacesThatOfItsClass() {
		run(Mixed.class, (job) -> {
			assertThatExceptionOfType(CpgNotLeaderException.class).isThrownBy(job::work)
				.withMessage("This service does not lead in role 'billing'; the leader is 2/77")
				.satisfies((ex) -> assertThat(ex.getLeader()).isEqualTo(GrantedLeadership.OTHER))
				.satisfies((ex) -> assertThat(ex.getRole()).isEqualTo("billing"));
			this.billing.granted(5);
			assertThat(job.work()).isEqualTo("worked under 5, as the log says: 5");
		});
	}

	@Test
	void whatTheCallerOfASkippedMethodGets() {
		try (AnnotationConfigApplicationContext context = context(Results.class)) {
			Results results = context.getBean(Results.class);
			assertThat(results.text()).isNull();
			assertThat(results.any()).isNull();
			assertThat(results.optional()).isEmpty();
			assertThat(results.future()).isCompletedWithValue(null);
			assertThat(results.stage()).isCompletedWithValue(null);
			assertThat(results.plainFuture()).isDone();
			assertThat(results.number()).isZero();
			assertThat(results.truth()).isFalse();
			assertThat(results.letter()).isEqualTo('\0');
			results.nothing();
		}
	}

	@Test
	void theMethodsOfObjectAndOfTheLifecycleAreThoseOfTheBean() {
		try (AnnotationConfigApplicationContext context = context(Living.class)) {
			Job living = context.getBean(Job.class);
			assertThat(living).hasToString("living");
			assertThat(((SmartLifecycle) living).isRunning()).isTrue();
			assertThat(living.work()).isNull();
		}
	}

	@Test
	void anUnknownRoleFailsTheStart() {
		assertThatExceptionOfType(UnknownRoleException.class).isThrownBy(() -> context(Unknown.class).close())
			.withMessage("%s.work is for the leader in role 'biling', and this service has the roles [billing]",
					Unknown.class.getName())
			.satisfies((ex) -> assertThat(ex.getRole()).isEqualTo("biling"))
			.satisfies((ex) -> assertThat(ex.getRoles()).containsExactly("billing"));
	}

	@Test
	void anUnknownRoleOfALaterBeanFailsItsCreation() {
		try (AnnotationConfigApplicationContext context = context(OnMethod.class)) {
			context.registerBean("later", Unknown.class, (definition) -> definition.setScope("prototype"));
			assertThatException().isThrownBy(() -> context.getBean("later"))
				.havingRootCause()
				.isInstanceOf(UnknownRoleException.class);
		}
	}

	@ParameterizedTest
	@ValueSource(classes = { Private.class, Static.class, Final.class, Reactive.class })
	void whatCannotBeGuardedFailsTheStart(Class<? extends Job> type) {
		assertThatException().isThrownBy(() -> context(type).close())
			.havingRootCause()
			.isInstanceOf(InvalidLeaderOnlyException.class)
			.withMessageStartingWith("@LeaderOnly cannot guard %s.work: ", type.getName());
	}

	@Test
	void aBeanWithoutTheAnnotationIsNoProxy() {
		try (AnnotationConfigApplicationContext context = context(Plain.class)) {
			assertThat(context.getBean(Job.class).getClass()).isEqualTo(Plain.class);
		}
	}

	private void run(Class<? extends Job> type, Consumer<Job> test) {
		try (AnnotationConfigApplicationContext context = context(type)) {
			test.accept(context.getBean(Job.class));
		}
	}

	private AnnotationConfigApplicationContext context(Class<?> bean) {
		AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
		context.registerBean(CpgLeadership.class, () -> this.billing);
		context.register(Guarding.class, bean);
		context.refresh();
		return context;
	}

	@Configuration(proxyBeanMethods = false)
	static class Guarding {

		@Bean
		static LeaderOnlyPostProcessor guards() {
			return new LeaderOnlyPostProcessor();
		}

	}

	interface Job {

		default @Nullable String work() {
			return "worked under %d, as the log says: %s".formatted(CpgLeadership.currentToken(),
					MDC.get(CpgLeadership.TOKEN_MDC_KEY));
		}

	}

	static class Plain implements Job {

	}

	static class OnMethod implements Job {

		@Override
		@LeaderOnly("billing")
		public @Nullable String work() {
			return Job.super.work();
		}

	}

	@LeaderOnly("billing")
	static class OnClass implements Job {

	}

	static class OnSuperclass extends OnClass {

	}

	@LeaderOnly("billing")
	interface LeadersJob extends Job {

	}

	static class OnInterface implements LeadersJob {

	}

	interface LeadersWork extends Job {

		@Override
		@LeaderOnly("billing")
		@Nullable String work();

	}

	static class OnMethodOfInterface implements LeadersWork {

		@Override
		public @Nullable String work() {
			return new Plain().work();
		}

	}

	@Retention(RetentionPolicy.RUNTIME)
	@LeaderOnly("replaced")
	@interface ForLeaderOf {

		@AliasFor(annotation = LeaderOnly.class, attribute = "value")
		String role();

	}

	static class Composed implements Job {

		@Override
		@ForLeaderOf(role = "billing")
		public @Nullable String work() {
			return Job.super.work();
		}

	}

	@LeaderOnly("billing")
	static class Mixed implements Job {

		@Override
		@LeaderOnly(value = "billing", otherwise = LeaderOnly.Otherwise.THROW)
		public @Nullable String work() {
			return Job.super.work();
		}

	}

	static class Unknown implements Job {

		@Override
		@LeaderOnly("biling")
		public @Nullable String work() {
			return Job.super.work();
		}

	}

	static class Private implements Job {

		@LeaderOnly("billing")
		@SuppressWarnings({ "UnusedMethod", "UnusedVariable" })
		private void work(int number) {
		}

	}

	static class Static implements Job {

		@LeaderOnly("billing")
		static void work(int number) {
		}

	}

	static class Final implements Job {

		@LeaderOnly("billing")
		@Override
		public final @Nullable String work() {
			return Job.super.work();
		}

	}

	static class Reactive implements Job {

		@LeaderOnly("billing")
		Mono<String> work(int number) {
			return Mono.empty();
		}

	}

	@LeaderOnly("billing")
	static class Results {

		@Nullable String text() {
			return "text";
		}

		@Nullable Object any() {
			return "any";
		}

		Optional<String> optional() {
			return Optional.of("one");
		}

		CompletableFuture<String> future() {
			return CompletableFuture.failedFuture(new IllegalStateException());
		}

		CompletionStage<String> stage() {
			return future();
		}

		Future<String> plainFuture() {
			return future();
		}

		int number() {
			return 1;
		}

		boolean truth() {
			return true;
		}

		char letter() {
			return 'a';
		}

		void nothing() {
			throw new IllegalStateException();
		}

	}

	@LeaderOnly("billing")
	static class Living implements Job, SmartLifecycle {

		private boolean running;

		@Override
		public void start() {
			this.running = true;
		}

		@Override
		public void stop() {
			this.running = false;
		}

		@Override
		public boolean isRunning() {
			return this.running;
		}

		@Override
		public String toString() {
			return "living";
		}

	}

}
