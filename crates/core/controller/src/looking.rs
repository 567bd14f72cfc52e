//! What any controller answers at once, active or not: where controllers listen, and settings
//! (`ControllerApis.handleDescribeCluster`, `handleDescribeConfigsRequest`).

use api::{
    ConfigResource, DescribeClusterRequest, DescribeClusterResponse, DescribedNode, EndpointType, Refusal, Request,
    RequestBody, Response,
};
use base::{BrokerId, ErrorCode, Str};
use config::Described;
use metadata::Image;
use port::NodeSetup;

/// `None`: the active controller has to decide, or the quorum member answers.
pub(crate) fn answer(setup: &NodeSetup, image: &Image, active: bool, request: &Request) -> Option<Response> {
    match request {
        Request::DescribeCluster(body) => Some(Response::DescribeCluster(cluster(setup, active, body))),
        Request::DescribeConfigs(body) => {
            let set = |resource: &ConfigResource| image.configs(resource);
            let missing = |name: &Str| image.missing_topic(name);
            let described = Described { node: setup.node, fixed: &setup.overrides, set: &set, missing: &missing };
            Some(Response::DescribeConfigs(described.answer(body)))
        }
        _for_others => None,
    }
}

/// The voters. Who is active only that one knows.
fn cluster(setup: &NodeSetup, active: bool, request: &DescribeClusterRequest) -> DescribeClusterResponse {
    if request.endpoints != EndpointType::Controller {
        let refusal: Refusal = request.endpoints.mismatched(EndpointType::Controller);
        return request.refused(&refusal);
    }
    let node = |voter: &port::Voter| DescribedNode {
        id: voter.id,
        endpoint: voter.endpoint.clone(),
        rack: None,
        is_fenced: false,
    };
    DescribeClusterResponse {
        error: ErrorCode::None,
        error_message: None,
        cluster_id: setup.cluster_id.clone(),
        controller_id: if active { setup.node } else { BrokerId::NONE },
        brokers: setup.voters.iter().map(node).collect(),
    }
}
