//! Competencies by the names that people have for them.

use anyhow::bail;
use northstar_kernel::CompetencyId;
use northstar_wire::registry::v1::{GetFrameworkRequest, ListFrameworksRequest};

use super::{Client, refused};

impl Client {
    /// A competency by UUID, or by the code that one of the tenant's frameworks has for it.
    pub(crate) async fn competency(&self, text: &str) -> anyhow::Result<CompetencyId> {
        if let Ok(id) = text.parse() {
            return Ok(id);
        }
        let found = self.coded(text).await?;
        match found.as_slice() {
            [] => bail!("no framework has a competency {text}; give its UUID"),
            [one] => Ok(one.parse()?),
            several => bail!("{text} is the code of several competencies: {}", several.join(", ")),
        }
    }

    async fn coded(&self, code: &str) -> anyhow::Result<Vec<String>> {
        let mut registry = self.registry();
        let reply = registry.list_frameworks(ListFrameworksRequest {}).await;
        let frameworks = reply.map_err(refused("asking for the frameworks"))?.into_inner();
        let mut found = Vec::new();
        for framework in frameworks.frameworks {
            let request = GetFrameworkRequest { framework_id: framework.framework_id };
            let reply = registry.get_framework(request).await;
            let framework = reply.map_err(refused("asking for a framework"))?.into_inner();
            let here = framework.competencies.into_iter().filter(|known| known.code == code);
            found.extend(here.map(|known| known.competency_id));
        }
        Ok(found)
    }
}
