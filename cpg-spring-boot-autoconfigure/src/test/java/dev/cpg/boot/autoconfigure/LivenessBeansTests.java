package dev.cpg.boot.autoconfigure;

import java.util.List;

import dev.cpg.boot.autoconfigure.endpoint.CpgInfoContributorAutoConfiguration;
import dev.cpg.boot.autoconfigure.leadership.CpgLeadershipAutoConfiguration;
import dev.cpg.fixture.ServiceNode;
import dev.cpg.spring.leadership.election.LeaderElection;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import org.springframework.boot.actuate.info.Info;
import org.springframework.boot.actuate.info.InfoContributor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

/**
 * The beans of services whose members are to be heard, on an embedded cluster.
 */
class LivenessBeansTests {

	@AutoClose
	private final ServiceNode node = new ServiceNode();

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(CpgAutoConfiguration.class, CpgLeadershipAutoConfiguration.class,
				CpgInfoContributorAutoConfiguration.class))
		.withInitializer(this.node::register)
		.withPropertyValues("cpg.group=orders");

	@Test
	void membersAreHeardInTheGroupsThatSayIt() {
		this.runner.withPropertyValues("cpg.groups.audit.liveness.enabled=true", "cpg.groups.plain.group=plain")
			.run((context) -> {
				assertThat(context.getBean(LeaderElection.class).group()).isEqualTo("audit");
				Info.Builder info = new Info.Builder();
				context.getBean(InfoContributor.class).contribute(info);
				assertThat(info.build().getDetails()).isEmpty();
			});
		this.runner
			.withPropertyValues("cpg.liveness.enabled=true", "cpg.groups.audit.leader.roles=archive",
					"cpg.groups.plain.liveness.enabled=false")
			.run((context) -> assertThat(context.getBeansOfType(LeaderElection.class).values())
				.extracting(LeaderElection::group, (election) -> List.copyOf(election.roles()))
				.containsExactlyInAnyOrder(tuple("orders", List.of()), tuple("audit", List.of("archive"))));
	}

}
