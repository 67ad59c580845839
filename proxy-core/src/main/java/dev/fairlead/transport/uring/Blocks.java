package dev.fairlead.transport.uring;

import io.netty.channel.unix.Buffer;
import io.netty.util.internal.CleanableDirectBuffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Blocks of one size, carved from larger chunks of native memory that are kept until the end. Last in, first out, so
 * that the block handed out next is likely in the processor's cache. Confined to one loop.
 */
final class Blocks {
    private final int blockSize;
    private final int perChunk;
    private final List<CleanableDirectBuffer> chunks = new ArrayList<>();
    private final Deque<Block> free = new ArrayDeque<>();
    private int out;

    Blocks(int blockSize, int perChunk) {
        this.blockSize = blockSize;
        this.perChunk = perChunk;
    }

    Block take() {
        out++;
        Block block = free.poll();
        return block != null ? block : carve();
    }

    void give(Block block) {
        out--;
        free.push(block);
    }

    private Block carve() {
        CleanableDirectBuffer chunk = Buffer.allocateDirectBufferWithNativeOrder(blockSize * perChunk);
        chunks.add(chunk);
        ByteBuffer all = chunk.buffer();
        long address = Buffer.memoryAddress(all);
        for (int i = 1; i < perChunk; i++) {
            free.push(block(all, address, i));
        }
        return block(all, address, 0);
    }

    private Block block(ByteBuffer all, long address, int index) {
        int offset = index * blockSize;
        ByteBuffer bytes = all.slice(offset, blockSize).order(ByteOrder.nativeOrder());
        return new Block(this, bytes, address + offset);
    }

    /**
     * Frees everything; where a block is still out, the kernel may yet write to it, and nothing is freed.
     *
     * @return whether it was
     */
    boolean close() {
        if (out > 0) {
            return false;
        }
        chunks.forEach(CleanableDirectBuffer::clean);
        chunks.clear();
        free.clear();
        return true;
    }
}
