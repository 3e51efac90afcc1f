//! Files of an instance: a folder today, an object store when it outgrows one machine.
//!
//! The only module that names `object_store`. What a file holds is for `app` to know.

use std::{path::Path, sync::Arc};

use folkmoot_domain::Moment;
use futures_util::StreamExt as _;
use object_store::{
    ObjectStore, ObjectStoreExt as _, PutPayload, local::LocalFileSystem, memory::InMemory, path,
};

use crate::{Result, StorageError};

/// Where files are.
#[derive(Debug, Clone)]
pub struct Blobs(Arc<dyn ObjectStore>);

impl Blobs {
    /// Files in this folder, which is made when it is missing.
    pub fn folder(folder: &Path) -> Result<Self> {
        std::fs::create_dir_all(folder).map_err(|error| StorageError::Files(error.to_string()))?;
        Ok(Self(Arc::new(LocalFileSystem::new_with_prefix(folder)?)))
    }

    /// Files that are forgotten with the process: for tests.
    pub fn in_memory() -> Self {
        Self(Arc::new(InMemory::new()))
    }

    /// Stores a file whole, or not at all.
    pub async fn put(&self, name: &str, bytes: Vec<u8>) -> Result<()> {
        self.0.put(&path::Path::from(name), PutPayload::from(bytes)).await?;
        Ok(())
    }

    /// A file; none when there is no such.
    pub async fn get(&self, name: &str) -> Result<Option<Vec<u8>>> {
        match self.0.get(&path::Path::from(name)).await {
            Ok(found) => Ok(Some(found.bytes().await?.to_vec())),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// The names of the files in a folder that were stored before this moment.
    pub async fn list(&self, folder: &str, before: Moment) -> Result<Vec<String>> {
        let mut names = Vec::new();
        let mut files = self.0.list(Some(&path::Path::from(folder)));
        while let Some(file) = files.next().await {
            let file = file?;
            if file.last_modified.timestamp_millis() < before.0 {
                names.push(file.location.to_string());
            }
        }
        Ok(names)
    }

    /// Deletes a file; deleting it twice changes nothing.
    pub async fn delete(&self, name: &str) -> Result<()> {
        match self.0.delete(&path::Path::from(name)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_was_put_is_there_until_it_is_deleted() {
        let folder = tempfile::tempdir().unwrap();
        for blobs in [Blobs::folder(folder.path()).unwrap(), Blobs::in_memory()] {
            blobs.put("pictures/one.jpg", vec![1, 2, 3]).await.unwrap();
            assert_eq!(blobs.get("pictures/one.jpg").await.unwrap(), Some(vec![1, 2, 3]));
            assert_eq!(blobs.list("pictures", Moment(i64::MAX)).await.unwrap(), ["pictures/one.jpg"]);
            assert!(blobs.list("pictures", Moment(0)).await.unwrap().is_empty());
            blobs.delete("pictures/one.jpg").await.unwrap();
            blobs.delete("pictures/one.jpg").await.unwrap();
            assert_eq!(blobs.get("pictures/one.jpg").await.unwrap(), None);
        }
    }
}
