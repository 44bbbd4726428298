"""Opens encoders in the cloud; imports the library of a service only when it is asked for."""

from __future__ import annotations

from engine.embedding.cloud import CloudMeans, CloudModel
from engine.embedding.encoder import Encoder, EncoderProfile
from engine.errors import EncoderUnavailable


def open_cloud_encoder(profile: EncoderProfile, model: CloudModel, means: CloudMeans) -> Encoder:
    """Open an encoder without asking anything of the network. Raises EncoderUnavailable, KeyUnusable, ServiceFailed."""
    try:
        match model.service:
            case "openai":
                from engine.embedding.openai_encoder import OpenAIEncoder

                return OpenAIEncoder(profile, model, means)
            case "dashscope":
                from engine.embedding.dashscope_encoder import DashScopeEncoder

                return DashScopeEncoder(profile, model, means)
    except ImportError as error:
        raise EncoderUnavailable(
            f"The package of the service “{model.service}” is not installed",
            f"pip install 'propmaster[{model.service}]'",
        ) from error
    raise EncoderUnavailable(f"This version knows no service “{model.service}”", "Choose another encoder")
