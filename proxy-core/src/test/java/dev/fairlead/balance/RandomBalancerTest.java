package dev.fairlead.balance;

import dev.fairlead.transport.Randomness;

final class RandomBalancerTest implements BalancerContract {
    @Override
    public Balancer balancer(Randomness randomness) {
        return new RandomBalancer(randomness);
    }
}
