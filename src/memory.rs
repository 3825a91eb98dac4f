//! What the allocator keeps for later.

/// Gives back to the system what was freed and is kept for what may come. For where much was needed that the rest of a
/// build does not need again: by itself the allocator waits for a second, in which the next stage takes more.
pub fn give_back() {
    // SAFETY: it frees no memory that is in use, and asks for nothing but a thread that has its own heap, which every one has.
    let collect = || unsafe { libmimalloc_sys::mi_collect(true) };
    rayon::broadcast(|_| collect());
    collect();
}
