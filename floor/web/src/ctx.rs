//! What a handler gets besides its own parameters: the city, who acts, when, and in which language.

use std::any::Any;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::extract::FromRequestParts;
use chrono::{DateTime, NaiveDate, Utc};
use http::Uri;
use http::request::Parts;
use kyodo_db::Db;
use kyodo_kernel::audit::Trail;
use kyodo_kernel::city::{Record, Until};
use kyodo_kernel::people::{AccountId, Person};
use kyodo_kernel::secret::hex;
use kyodo_kernel::words::Words;
use kyodo_kernel::{Actor, City, CityState, FiscalYear, Language};
use tokio::sync::OnceCell;

use crate::error::Error;
use crate::{Frame, House};

/// A request's surroundings, resolved once at the door.
#[derive(Clone, Debug)]
pub struct Ctx {
    /// The rooms put together.
    pub house: Arc<House>,
    /// The city.
    pub city: Arc<City>,
    /// What is known of it as of this request.
    pub state: Arc<CityState>,
    /// Its database, counting this request's sentences.
    pub db: Db,
    /// Who acts.
    pub actor: Actor,
    /// Whose session was over, when they are not signed in any more.
    pub over: Option<AccountId>,
    /// What the request before this one did, to be said once: a message.
    pub said: Option<String>,
    /// Where the request comes from, as far as the network tells.
    pub client: Option<IpAddr>,
    /// This moment.
    pub now: DateTime<Utc>,
    /// The day in the city.
    pub today: NaiveDate,
    /// The language of the frame.
    pub language: Language,
    /// Whether the reader wants furigana.
    pub furigana: bool,
    /// The address asked for.
    pub uri: Uri,
    /// Names this request in logs and on error pages.
    pub request_id: Arc<str>,
    /// Whether the answer is for this one reader and may be kept by nobody.
    pub(crate) personal: Arc<AtomicBool>,
    /// The city's records as this request first saw them.
    pub(crate) record: Arc<OnceCell<Arc<Record>>>,
}

impl Ctx {
    /// The surroundings of work that no request asked for, by nobody in particular and in Japanese.
    pub async fn apart(house: Arc<House>, city: Arc<City>) -> kyodo_db::Result<Self> {
        Ok(Self {
            db: city.db.counted(),
            state: city.state().await?,
            actor: Actor::Visitor,
            over: None,
            said: None,
            client: None,
            now: house.clock.now(),
            today: house.clock.today(),
            language: Language::Japanese,
            furigana: false,
            uri: Uri::default(),
            request_id: Arc::from(""),
            personal: Arc::default(),
            record: Arc::default(),
            house,
            city,
        })
    }

    /// Somebody who must be signed in, because the route says so.
    pub fn person(&self) -> Result<&Person, Error> {
        self.actor.person().ok_or(Error::SignIn)
    }

    /// What this request does is told here: who acts, which request, when.
    #[must_use]
    pub fn trail(&self) -> Trail {
        Trail {
            key: self.city.secret.derive("audit"),
            actor: self.actor.subject(),
            request: Arc::clone(&self.request_id),
            now: self.now,
            chance: self.house.chance,
        }
    }

    /// A token for a form, so that sending it twice happens once. The page it stands on is for this one reader.
    #[must_use]
    pub fn token(&self) -> String {
        self.is_personal();
        hex(&self.house.chance.bytes()[..16])
    }

    /// Says that the answer is for this one reader.
    pub fn is_personal(&self) {
        self.personal.store(true, Ordering::Relaxed);
    }

    /// What a room reads or works out of records that are changed with an entry in the trail and not otherwise, by a type of
    /// its own and by whom or what it is of: made by whoever asks first, and good until the next entry or the next day.
    pub async fn remembered<T: Any + PartialEq + Send + Sync>(
        &self,
        of: &str,
        make: impl Future<Output = Result<T, Error>>,
    ) -> Result<Arc<T>, Error> {
        self.recalled(Until::Noted, of, make).await
    }

    /// The same of records that change without an entry too, drafts or what somebody has read: good only until anybody
    /// writes anything, and so for what stands on many pages and would be asked for again and again.
    pub async fn briefly<T: Any + PartialEq + Send + Sync>(
        &self,
        of: &str,
        make: impl Future<Output = Result<T, Error>>,
    ) -> Result<Arc<T>, Error> {
        self.recalled(Until::Written, of, make).await
    }

    async fn recalled<T: Any + PartialEq + Send + Sync>(
        &self,
        until: Until,
        of: &str,
        make: impl Future<Output = Result<T, Error>>,
    ) -> Result<Arc<T>, Error> {
        // What this request itself has changed nobody remembers yet.
        if self.db.has_begun() {
            return Ok(Arc::new(make.await?));
        }
        let kept = self.record().await?.kept(until);
        let known = kept.get::<T>(of);
        if let Some(known) = &known
            && !self.house.settings.doubting
        {
            return Ok(Arc::clone(known));
        }
        let value = Arc::new(make.await?);
        if known.is_some_and(|known| known != value) {
            self.doubt(until, std::any::type_name::<T>()).await?;
        }
        kept.put(of, &value);
        Ok(value)
    }

    /// The city's records as this request first saw them.
    pub(crate) async fn record(&self) -> Result<&Arc<Record>, Error> {
        let look = async || Ok::<_, kyodo_db::Error>(self.city.standing(self.today).await?.1);
        Ok(self.record.get_or_try_init(look).await?)
    }

    /// Something is not what is remembered of it: an error, unless somebody has just changed it.
    pub(crate) async fn doubt(&self, until: Until, what: &'static str) -> Result<(), Error> {
        let (_, now) = self.city.standing(self.today).await?;
        let is_good = Arc::ptr_eq(self.record().await?.kept(until), now.kept(until));
        if is_good { Err(Error::internal(Unnoted(what))) } else { Ok(()) }
    }

    /// Names whoever asks and their language, for what is remembered of them.
    pub fn reader(&self) -> Result<String, Error> {
        Ok(format!("{}/{}", self.person()?.id.0, self.language.code()))
    }

    /// The words of this request.
    #[must_use]
    pub fn words(&self) -> &Words {
        self.state.words(self.language)
    }

    /// The fiscal year of today.
    #[must_use]
    pub fn fiscal_year(&self) -> FiscalYear {
        FiscalYear::of(self.today)
    }

    /// A fiscal year as the city writes it in running text; English pages write the Western year.
    #[must_use]
    pub fn long_year(&self, year: FiscalYear) -> String {
        match self.language {
            Language::English => self.words().with("year-western", [("year", year.to_string())]),
            Language::EasyJapanese => format!("{year}年度"),
            Language::Japanese => self.state.profile.fiscal_year.long(year),
        }
    }

    /// A fiscal year as the city writes it in grids.
    #[must_use]
    pub fn short_year(&self, year: FiscalYear) -> String {
        match self.language {
            Language::English | Language::EasyJapanese => year.to_string(),
            Language::Japanese => self.state.profile.fiscal_year.short(year),
        }
    }

    /// The page frame for a page of this title.
    #[must_use]
    pub fn frame(&self, title: impl Into<String>) -> Frame {
        Frame::new(self.clone(), title.into())
    }
}

/// Something that is remembered was changed by somebody who noted nothing.
#[derive(Debug, thiserror::Error)]
#[error("{0} changed without an entry in the trail")]
struct Unnoted(&'static str);

impl<S: Sync> FromRequestParts<S> for Ctx {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        // The door leaves it there for every request that belongs to a city.
        parts.extensions.get::<Self>().cloned().ok_or(Error::NotFound)
    }
}
