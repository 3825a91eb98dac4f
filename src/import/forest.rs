//! Boosted decision trees over the numbers of a block: what tells story from furniture, for pages and for plain text.
//!
//! The trees know numbers alone: no word, no name, no site. They are grown by the programs in `benches/pages`.

/// How many leaves a tree may have: one for each bit.
const LEAVES: usize = 32;

/// A question of a tree: whether a number is at most a bound.
struct Question {
    bound: f32,
    number: u8,
    /// The leaves that can still be reached where it is not, as bits; where it is, all can.
    no: u32,
}

/// A tree as the set of its questions. They may be asked in any order, and all of them are: each strikes out the leaves that
/// its answer rules out, and the first that is left is the one that a walk would reach. So nothing depends on what was answered
/// before, and many rows are asked at once.
struct Tree {
    questions: Vec<Question>,
    /// What each leaf says, from left to right.
    answers: [f32; LEAVES],
}

/// Trees whose answers are added up.
pub struct Forest(Vec<Tree>);

/// Little endian: the number of trees; for each tree the numbers of questions and answers, the questions, the answers. A
/// question names the next one for yes and for no; below zero it is the answer, counted from -1 and from left to right.
fn trees(mut bytes: &[u8]) -> Vec<Tree> {
    let mut take = |n: usize| {
        let (head, rest) = bytes.split_at(n);
        bytes = rest;
        head
    };
    let float = |b: &[u8]| f32::from_le_bytes([b[0], b[1], b[2], b[3]]);
    let head = take(2);
    let trees = u16::from_le_bytes([head[0], head[1]]);
    (0..trees)
        .map(|_| {
            let head = take(2);
            let (count, leaves) = (usize::from(head[0]), usize::from(head[1]));
            let asked: Vec<(u8, f32, i8, i8)> = (0..count)
                .map(|_| {
                    let b = take(7);
                    (b[0], float(&b[1..]), b[5] as i8, b[6] as i8)
                })
                .collect();
            let mut answers = [0.0; LEAVES];
            answers[..leaves].fill_with(|| float(take(4)));
            // A question stands before those that follow on it.
            let mut under = vec![0u32; count];
            let mut questions = Vec::with_capacity(count);
            for (i, &(number, bound, yes, no)) in asked.iter().enumerate().rev() {
                let leaves = |next: i8, under: &[u32]| match usize::try_from(next) {
                    Ok(next) => under[next],
                    Err(_) => 1 << (-1 - i32::from(next)),
                };
                let on_yes = leaves(yes, &under);
                under[i] = on_yes | leaves(no, &under);
                questions.push(Question { bound, number, no: !on_yes });
            }
            Tree { questions, answers }
        })
        .collect()
}

/// How many rows are asked at once: what the compiler keeps in registers.
const AT_A_TIME: usize = 16;

impl Forest {
    /// Reads trees as the programs that grow them write them.
    pub fn read(bytes: &[u8]) -> Self {
        Forest(trees(bytes))
    }

    /// How much speaks for each block to be of the story, as the logarithm of the odds: above zero it rather is.
    pub fn odds<const N: usize>(&self, rows: &[&[f32; N]]) -> Vec<f32> {
        let mut out = vec![0.0; rows.len()];
        // One number of all rows side by side.
        let mut columns = [[0.0; AT_A_TIME]; N];
        for (rows, out) in rows.chunks(AT_A_TIME).zip(out.chunks_mut(AT_A_TIME)) {
            for (lane, row) in rows.iter().enumerate() {
                for (column, value) in columns.iter_mut().zip(*row) {
                    column[lane] = *value;
                }
            }
            let mut odds = [0.0; AT_A_TIME];
            for tree in &self.0 {
                for (odds, leaf) in odds.iter_mut().zip(tree.leaves(&columns)) {
                    *odds += tree.answers[leaf];
                }
            }
            out.copy_from_slice(&odds[..out.len()]);
        }
        out
    }
}

impl Tree {
    /// The leaf that each row comes to.
    fn leaves(&self, columns: &[[f32; AT_A_TIME]]) -> [usize; AT_A_TIME] {
        let mut left = [u32::MAX; AT_A_TIME];
        self.strike_out(columns, &mut left);
        left.map(|left| left.trailing_zeros() as usize % LEAVES)
    }

    // On its own and without a branch, the inner loop becomes a few instructions for all rows; inlined, it does not.
    #[inline(never)]
    fn strike_out(&self, columns: &[[f32; AT_A_TIME]], left: &mut [u32; AT_A_TIME]) {
        for &Question { bound, number, no } in &self.questions {
            let column = columns[usize::from(number)];
            for (left, value) in left.iter_mut().zip(column) {
                *left &= no | if value <= bound { u32::MAX } else { 0 };
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::html::features::Row;

    /// The answer by walking from question to question.
    fn walk(bytes: &[u8], row: &Row) -> f32 {
        let mut at = 2;
        let mut sum = 0.0;
        for _ in 0..u16::from_le_bytes([bytes[0], bytes[1]]) {
            let (questions, answers) = (usize::from(bytes[at]), usize::from(bytes[at + 1]));
            let first = at + 2;
            let float = |at: usize| f32::from_le_bytes(bytes[at..at + 4].try_into().unwrap());
            let mut next = 0i8;
            while next >= 0 {
                let question = first + next as usize * 7;
                let is_yes = row[usize::from(bytes[question])] <= float(question + 1);
                next = bytes[question + if is_yes { 5 } else { 6 }] as i8;
            }
            sum += float(first + questions * 7 + (-1 - i32::from(next)) as usize * 4);
            at = first + questions * 7 + answers * 4;
        }
        sum
    }

    #[test]
    fn asking_all_questions_at_once_gives_what_a_walk_gives() {
        let bytes = include_bytes!("html/forest.bin");
        let mut state = 7u64;
        let rows: Vec<Row> = (0..67)
            .map(|_| {
                std::array::from_fn(|_| {
                    state = state.wrapping_mul(0x5851_F42D_4C95_7F2D).wrapping_add(0x1405_7B7E_F767_814F);
                    // Small numbers and large ones, shares, and what is not there.
                    [(state >> 60) as f32, (state >> 54) as f32, (state >> 40) as f32 / 16_777_216.0, -1.0]
                        [(state >> 20) as usize % 4]
                })
            })
            .collect();
        let all: Vec<&Row> = rows.iter().collect();
        for (row, odds) in rows.iter().zip(Forest::read(bytes).odds(&all)) {
            assert_eq!(walk(bytes, row).to_bits(), odds.to_bits());
        }
    }
}
