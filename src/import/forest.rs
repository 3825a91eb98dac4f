//! Boosted decision trees over the numbers of a block: what tells story from furniture, for pages and for plain text.
//!
//! The trees know numbers alone: no word, no name, no site. They are grown by the programs in `benches/pages`.

/// A question of a tree: whether a number is at most a bound.
struct Question {
    bound: f32,
    number: u8,
    /// The next question; below zero the answer, counted from -1.
    yes: i8,
    no: i8,
}

struct Tree {
    questions: Vec<Question>,
    answers: Vec<f32>,
}

/// Trees whose answers are added up.
pub struct Forest(Vec<Tree>);

/// How many blocks are asked about at a time, so that a tree and their numbers stay at hand.
const AT_A_TIME: usize = 16;

impl Forest {
    /// Little endian: the number of trees; for each tree the numbers of questions and answers, the questions, the answers.
    pub fn read(mut bytes: &[u8]) -> Forest {
        let mut take = |n: usize| {
            let (head, rest) = bytes.split_at(n);
            bytes = rest;
            head
        };
        let float = |b: &[u8]| f32::from_le_bytes([b[0], b[1], b[2], b[3]]);
        let head = take(2);
        let trees = u16::from_le_bytes([head[0], head[1]]);
        let tree = |_| {
            let head = take(2);
            let (questions, answers) = (head[0], head[1]);
            let questions = (0..questions)
                .map(|_| {
                    let b = take(7);
                    Question { number: b[0], bound: float(&b[1..]), yes: b[5] as i8, no: b[6] as i8 }
                })
                .collect();
            let answers = (0..answers).map(|_| float(take(4))).collect();
            Tree { questions, answers }
        };
        Forest((0..trees).map(tree).collect())
    }

    /// How much speaks for each block to be of the story, as the logarithm of the odds: above zero it rather is.
    pub fn odds<const N: usize>(&self, rows: &[&[f32; N]]) -> Vec<f32> {
        let mut out = vec![0.0; rows.len()];
        for (rows, odds) in rows.chunks(AT_A_TIME).zip(out.chunks_mut(AT_A_TIME)) {
            for tree in &self.0 {
                for (row, odds) in rows.iter().zip(odds.iter_mut()) {
                    *odds += tree.answer(*row);
                }
            }
        }
        out
    }
}

impl Tree {
    fn answer(&self, row: &[f32]) -> f32 {
        if self.questions.is_empty() {
            return self.answers.first().copied().unwrap_or_default();
        }
        let mut at = 0i8;
        while at >= 0 {
            let question = &self.questions[at as usize];
            at = if row[question.number as usize] <= question.bound { question.yes } else { question.no };
        }
        self.answers[(-1 - i32::from(at)) as usize]
    }
}
