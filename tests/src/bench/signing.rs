//! How fast this machine can sign at all: RSA-2048 with ring, on all cores at once, and nothing else.

use std::{
    sync::atomic::{AtomicBool, AtomicU64, Ordering},
    thread,
    time::Duration,
};

use anyhow::{Result, anyhow};
use ring::{
    rand::SystemRandom,
    signature::{RSA_PKCS1_SHA256, RsaKeyPair},
};

use crate::{keys, process::processor_time};

/// Signatures for each second of processor time, measured for so long.
pub async fn rate(milliseconds: u64) -> Result<f64> {
    let pair = keys::FixedKeys::default();
    let pair = folkmoot_app::ports::KeyMaker::make(&pair).map_err(|error| anyhow!(error))?;
    let key = RsaKeyPair::from_pkcs8(&pair.private).map_err(|error| anyhow!(error))?;
    tokio::task::spawn_blocking(move || sign(&key, Duration::from_millis(milliseconds))).await?
}

fn sign(key: &RsaKeyPair, long: Duration) -> Result<f64> {
    let (over, count) = (AtomicBool::new(false), AtomicU64::new(0));
    let before = processor_time("self")?;
    thread::scope(|scope| {
        let cores = thread::available_parallelism().map_or(1, std::num::NonZero::get);
        for _ in 0..cores {
            scope.spawn(|| {
                let mut signature = vec![0; key.public().modulus_len()];
                let random = SystemRandom::new();
                while !over.load(Ordering::Relaxed) {
                    // About as long as what is signed of a delivery.
                    let signed = key.sign(&RSA_PKCS1_SHA256, &random, &[7; 250], &mut signature);
                    count.fetch_add(u64::from(signed.is_ok()), Ordering::Relaxed);
                }
            });
        }
        thread::sleep(long);
        over.store(true, Ordering::Relaxed);
    });
    let used = processor_time("self")?.saturating_sub(before);
    #[expect(clippy::cast_precision_loss, reason = "counts far below 2^52")]
    let count = count.load(Ordering::Relaxed) as f64;
    Ok(count / used.as_secs_f64().max(0.01))
}
