package dev.fairlead.transport.uring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class BlocksTest {
    @Test
    void blocks_do_not_overlap() {
        Blocks blocks = new Blocks(64, 4, Integer.MAX_VALUE);
        List<Block> taken = take(blocks, 9);
        Set<Long> addresses = new HashSet<>();
        for (int i = 0; i < taken.size(); i++) {
            fill(taken.get(i), (byte) i);
            addresses.add(taken.get(i).address());
        }
        assertThat(addresses).hasSize(9);
        for (int i = 0; i < taken.size(); i++) {
            Block block = taken.get(i);
            assertThat(block.chunk().buffer().get(block.offset())).isEqualTo((byte) i);
            assertThat(block.chunk().buffer().get(block.offset() + 63)).isEqualTo((byte) i);
        }
        taken.forEach(Block::giveBack);
        assertThat(blocks.close()).isTrue();
    }

    @Test
    void the_block_given_back_last_is_taken_next() {
        Blocks blocks = new Blocks(64, 4, Integer.MAX_VALUE);
        List<Block> taken = take(blocks, 3);
        taken.forEach(Block::giveBack);
        assertThat(blocks.take()).isSameAs(taken.getLast());
    }

    @Test
    void what_the_kernel_may_still_write_to_is_not_freed() {
        Blocks blocks = new Blocks(64, 4, Integer.MAX_VALUE);
        Block out = blocks.take();
        assertThat(blocks.close()).isFalse();
        fill(out, (byte) 1);
        out.giveBack();
        assertThat(blocks.close()).isTrue();
    }

    @Test
    void large_blocks_beyond_those_kept_are_freed() {
        Blocks blocks = new Blocks(4096, 1, 2);
        List<Block> taken = take(blocks, 3);
        taken.forEach(Block::giveBack);
        assertThat(take(blocks, 3)).contains(taken.get(0), taken.get(1)).doesNotContain(taken.get(2));
    }

    @Test
    void a_copy_begins_at_the_begin() {
        Blocks small = new Blocks(64, 4, Integer.MAX_VALUE);
        Block from = take(small, 3).getLast();
        fill(from, (byte) 7);
        Block to = new Blocks(4096, 1, 2).take();
        to.copy(from, 64);
        assertThat(to.chunk().buffer().get(to.offset() + 63)).isEqualTo((byte) 7);
    }

    private static void fill(Block block, byte value) {
        for (int i = 0; i < block.size(); i++) {
            block.chunk().buffer().put(block.offset() + i, value);
        }
    }

    private static List<Block> take(Blocks blocks, int count) {
        List<Block> taken = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            taken.add(blocks.take());
        }
        return taken;
    }
}
