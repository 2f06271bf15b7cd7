package dev.cpg.faults;

import java.util.Set;

/**
 * A fault of a plan.
 *
 * @param at when it begins, in milliseconds after the beginning of the plan
 * @param kind what goes wrong
 * @param node the node that is concerned
 * @param place which of the node's members is, from 0
 * @param others nodes on the other side, or whom the node does not reach
 * @param millis how long it lasts
 * @param choice a number to decide details with
 */
record PlannedFault(long at, FaultKind kind, int node, int place, Set<Integer> others, long millis, int choice) {
}
