/**
 * What Corosync does with groups, written once and run on two engines: on real daemons
 * and on the cluster inside the JVM.
 */
package dev.cpg.behaviour;
