use std::{fs,io::Read,time::Instant};
fn main(){
  let dir=std::env::args().nth(1).unwrap();
  let mut pages=vec![];
  for e in fs::read_dir(format!("{dir}/html")).unwrap(){ let p=e.unwrap().path(); let mut s=String::new(); flate2::read::GzDecoder::new(fs::File::open(&p).unwrap()).read_to_string(&mut s).unwrap(); pages.push(s);}
  let total:usize=pages.iter().map(|p|p.len()).sum();
  for _ in 0..3 {
  let t=Instant::now(); let mut n=0; for p in &pages{ n+=scraper::Html::parse_document(p).tree.nodes().count(); } let e=t.elapsed().as_secs_f64();
  println!("scraper {:.1} pages/s {:.1} MB/s nodes {n}",pages.len() as f64/e,total as f64/e/1e6);
  let t=Instant::now(); let mut n=0; for p in &pages{ for _ in html5gum::Tokenizer::new(p.as_str()).flatten(){n+=1} } let e=t.elapsed().as_secs_f64();
  println!("html5gum {:.1} pages/s {:.1} MB/s nodes {n}",pages.len() as f64/e,total as f64/e/1e6);
  }
}
