package dev.cpg.docs;

import javax.sql.DataSource;

import dev.cpg.spring.leadership.CpgJdbcFence;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * A fence in the service's database, as docs/leadership.md shows it.
 */
@Configuration(proxyBeanMethods = false)
class FenceConfiguration {

	// snippet:fence
	@Bean
	CpgJdbcFence fence(DataSource dataSource) {
		return new CpgJdbcFence(dataSource);
	}
	// end:fence

}
