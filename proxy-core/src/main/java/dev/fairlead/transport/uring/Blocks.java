package dev.fairlead.transport.uring;

import io.netty.channel.unix.Buffer;
import io.netty.util.internal.CleanableDirectBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Blocks of one size, carved from chunks of native memory. Last in, first out, so that the block handed out next is
 * likely in the processor's cache. A chunk of several blocks is kept until the end. Confined to one loop.
 */
final class Blocks {
    private final int blockSize;
    private final int perChunk;
    private final int mostFree;
    private final List<CleanableDirectBuffer> chunks = new ArrayList<>();
    private final Deque<Block> free = new ArrayDeque<>();
    private int out;

    /**
     * Allocates nothing yet.
     *
     * @param blockSize in bytes
     * @param mostFree blocks kept for later use; beyond that, a block that is a chunk of its own is freed
     */
    Blocks(int blockSize, int perChunk, int mostFree) {
        this.blockSize = blockSize;
        this.perChunk = perChunk;
        this.mostFree = mostFree;
    }

    Block take() {
        out++;
        Block block = free.poll();
        return block != null ? block : carve();
    }

    void give(Block block) {
        out--;
        if (perChunk == 1 && free.size() >= mostFree) {
            chunks.remove(block.chunk());
            block.chunk().clean();
        } else {
            free.push(block);
        }
    }

    private Block carve() {
        CleanableDirectBuffer chunk = Buffer.allocateDirectBufferWithNativeOrder(blockSize * perChunk);
        chunks.add(chunk);
        long address = Buffer.memoryAddress(chunk.buffer());
        for (int i = 1; i < perChunk; i++) {
            free.push(block(chunk, address, i));
        }
        return block(chunk, address, 0);
    }

    private Block block(CleanableDirectBuffer chunk, long address, int index) {
        int offset = index * blockSize;
        return new Block(this, chunk, offset, blockSize, address + offset);
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
