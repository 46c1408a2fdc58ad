use nalgebra::DMatrix;
use perceptra::prelude::*;
use perceptra::saving::keras;
fn mat(p: &str) -> Option<DMatrix<f32>> {
    let b = std::fs::read(p).ok()?;
    let n = |i: usize| u64::from_le_bytes(b[i * 8..i * 8 + 8].try_into().unwrap()) as usize;
    let v: Vec<f32> = b[16..].chunks(4).map(|c| f32::from_le_bytes(c.try_into().unwrap())).collect();
    Some(DMatrix::from_row_slice(n(0), n(1), &v))
}
fn worst(a: &DMatrix<f32>, b: &DMatrix<f32>) -> f32 {
    (a - b).amax()
}
fn main() {
    for d in std::env::args().skip(1) {
        let mut files: Vec<_> = std::fs::read_dir(&d)
            .unwrap()
            .map(|e| e.unwrap().path())
            .filter(|p| p.extension().is_some_and(|e| e == "h5" || e == "keras"))
            .collect();
        files.sort();
        for f in files {
            let base = f.with_extension("").display().to_string();
            print!("{}: ", f.display());
            match keras::load_model::<f32>(&f) {
                Err(e) => println!("ERR {}", e.to_string().chars().take(400).collect::<String>()),
                Ok(mut m) => {
                    let it = m.iterations();
                    match (mat(&(base.clone() + ".x")), mat(&(base.clone() + ".p"))) {
                        (Some(x), Some(p)) => {
                            let w0 = worst(&m.predict(&x).unwrap(), &p);
                            let after = mat(&(base.clone() + ".a")).map(|a| {
                                let y = mat(&(base.clone() + ".y")).unwrap();
                                for _ in 0..3 {
                                    m.train_on_batch(&x, &y).unwrap();
                                }
                                (worst(&m.predict(&x).unwrap(), &a), worst(&p, &a))
                            });
                            println!("OK it {it} predict {w0:e} after 3 steps {after:?} {:?}", m.load_warnings());
                        }
                        _ => println!("OK it {it} {:?}", m.load_warnings()),
                    }
                }
            }
        }
    }
}
